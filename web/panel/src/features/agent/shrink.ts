/** The server takes no more bytes. */
const mostBytes = 1 << 20;
/** Twice the size of the larger photo, and room to cut. */
const longestSide = 1_200;

/** The camera's picture is unreadable for the browser, too. */
export class Unreadable extends Error {}

/** Cameras make pictures of many megabytes: a smaller copy, upright, is what is sent. */
export async function shrink(photo: File): Promise<Blob> {
  const bitmap = await createImageBitmap(photo).catch(() => {
    throw new Unreadable();
  });
  try {
    const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && photo.size <= mostBytes) return photo;
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, photo.type, 0.9));
    if (!made) throw new Unreadable();
    return made;
  } finally {
    bitmap.close();
  }
}
