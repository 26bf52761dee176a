/** How a box is asked. */
export interface Credentials {
  token?: string;
  /** The SHA-256 of the certificate that its agent shows, in hexadecimal capitals with `:`; any that a CA of the system stands for when left out. */
  fingerprint?: string;
  /** What is shown to agents that want a certificate (mutual TLS), with its key, as PEM. */
  certificate?: { text: string; key: string };
}
