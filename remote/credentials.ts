/** How a box is asked. */
export interface Credentials {
  token?: string;
  /** What a person without a token is told to do. */
  tokenAdvice?: string;
  /** The SHA-256 of the certificate that its agent shows, in hexadecimal capitals with `:`; any that a CA of the system stands for when left out. */
  fingerprint?: string;
  /** Told of the fingerprint that is shown in its place; the agent is not asked then. */
  onOther?: (fingerprint: string) => void;
  /** What is shown to agents that want a certificate (mutual TLS), with its key, as PEM. */
  certificate?: { text: string; key: string };
}
