/**
 * Keeps the chat within what can be seen: on phones the keyboard and the browser's bars shrink the visual viewport, and iOS
 * scrolls it under fixed elements. The style sheet uses the two values on narrow screens only.
 */
export function fitScreen(frame: HTMLElement, viewport: VisualViewport | null = window.visualViewport): void {
  if (!viewport) return;
  const adjust = () => {
    frame.style.setProperty("--visible", `${viewport.height}px`);
    frame.style.setProperty("--scrolled", `${viewport.offsetTop}px`);
  };
  viewport.addEventListener("resize", adjust);
  viewport.addEventListener("scroll", adjust);
  adjust();
}
