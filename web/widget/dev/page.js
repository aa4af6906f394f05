// A page with a polluted prototype and its own shortcuts.
Object.prototype.each = function each() {};
Array.prototype.last = function last() {
  return this[this.length - 1];
};
window.aceno =
  window.aceno ||
  function aceno(...command) {
    aceno.q = aceno.q || [];
    aceno.q.push(command);
  };
document.addEventListener("keydown", (event) => {
  if (event.key === "s") document.title = `atalho ${Date.now()}`;
});
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("push").onclick = () => {
    history.pushState({}, "", `/secao-${Math.floor(performance.now())}`);
    document.title = `Seção ${location.pathname}`;
  };
});
