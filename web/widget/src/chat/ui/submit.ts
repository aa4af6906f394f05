/**
 * Sends a form by the click on its button, which Enter in a field is too, without the browser's own sending: a sandboxed frame without
 * `allow-forms` refuses that one before anybody hears of it.
 */
export function submitByHand(frame: HTMLElement): void {
  frame.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[type=submit]");
    if (!button?.form) return;
    event.preventDefault();
    button.form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  });
}
