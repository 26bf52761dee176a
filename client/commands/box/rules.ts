/** Whether a text cannot be a token; nothing at all, and blanks around it, are forgiven. */
export function tokenFault(text: string): boolean {
  return !/^[\x21-\x7e]*$/.test(text.trim());
}

/** Whether a text can name a box. */
export function isBoxName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text);
}

/** Whether a text looks like the address of an agent; the language server looks closer. */
export function isAgentUrl(text: string): boolean {
  return (
    /^(?:(?:https?|ssh):\/\/[^\s/:@]+(?:@[^\s/:@]+)?|https?:\/\/\[[0-9a-f:.]+\])(?::\d{1,5})?\/?$/i.test(
      text,
    ) || /^unix:\/[^/\s]/i.test(text)
  );
}

/** Whether whoever asks at an address shows a token: the others are let in by the system. */
export function wantsToken(url: string): boolean {
  return /^https?:/i.test(url);
}
