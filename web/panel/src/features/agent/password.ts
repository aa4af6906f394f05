/** Without what is misread: 0 o, 1 l i. */
const letters = "23456789abcdefghjkmnpqrstuvwxyz";
const length = 16;

/** A password to hand over: 79 bits, in groups that can be read out. */
export function newPassword(
  random: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => crypto.getRandomValues(bytes),
): string {
  // What does not divide evenly is thrown away, so that every letter is as likely.
  const fair = Math.floor(256 / letters.length) * letters.length;
  let drawn = "";
  const bytes = new Uint8Array(length);
  while (drawn.length < length) {
    random(bytes);
    for (const byte of bytes) if (byte < fair && drawn.length < length) drawn += letters[byte % letters.length];
  }
  return drawn.replace(/(.{4})(?=.)/g, "$1-");
}
