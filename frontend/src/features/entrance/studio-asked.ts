/** What was typed or pasted, down to the studio's name: of an address `…/s/<name>/…` only the name is asked for. */
export function studioAsked(typed: string): string {
  return /(?:^|\/)s\/([^/?#\s]+)/i.exec(typed.trim())?.[1] ?? typed.trim();
}
