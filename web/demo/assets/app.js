// The shop's own script. The first statement is Aceno's install code, which lives here because the page allows no inline script.
window.aceno =
  window.aceno ||
  function aceno(...command) {
    aceno.q = aceno.q || [];
    aceno.q.push(command);
  };

(() => {
  const freeFrom = 19900;
  const freight = 2490;
  const money = (cents) => (cents / 100).toLocaleString("pt-BR", { style: "currency", currency: "BRL" });
  const find = (selector) => document.querySelector(selector);

  function readCart() {
    try {
      return JSON.parse(localStorage.getItem("trilha.cart")) ?? [];
    } catch {
      return [];
    }
  }

  function writeCart(lines) {
    try {
      localStorage.setItem("trilha.cart", JSON.stringify(lines));
    } catch {
      // Without storage the cart is forgotten with the page.
    }
    showCart(lines);
  }

  const count = (lines) => lines.reduce((sum, line) => sum + line.count, 0);
  const value = (lines) => lines.reduce((sum, line) => sum + line.count * line.price, 0);

  /** Tells the agent what lies in the cart. */
  function tellAceno(lines) {
    if (lines.length) window.aceno("set", { carrinho: money(value(lines)), itens: count(lines) });
  }

  function showCart(lines) {
    find("[data-cart-count]").textContent = count(lines);
    tellAceno(lines);
    const summary = find("[data-summary]");
    if (summary && lines.length) summary.textContent = `${count(lines)} itens, ${money(value(lines))}`;
    const table = find("[data-lines]");
    if (!table) return;
    find("[data-cart]").hidden = lines.length === 0;
    find("[data-empty]").hidden = lines.length > 0;
    table.replaceChildren(...lines.map((line, i) => row(lines, line, i)));
    const total = value(lines);
    const shipping = total >= freeFrom ? 0 : freight;
    find("[data-freight]").textContent = shipping ? money(shipping) : "grátis";
    find("[data-total]").textContent = money(total + shipping);
  }

  function row(lines, line, i) {
    const tr = document.createElement("tr");
    const name = document.createElement("td");
    const link = document.createElement("a");
    link.href = `/p/${line.slug}`;
    link.textContent = line.size ? `${line.name} (${line.size})` : line.name;
    name.append(link);
    const amount = document.createElement("td");
    const number = document.createElement("span");
    number.textContent = line.count;
    amount.append(step(lines, i, -1), number, step(lines, i, 1));
    const cost = document.createElement("td");
    cost.className = "number";
    cost.textContent = money(line.count * line.price);
    tr.append(name, amount, cost);
    return tr;
  }

  function step(lines, i, by) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = by > 0 ? "+" : "−";
    button.ariaLabel = `${by > 0 ? "Mais um" : "Menos um"}: ${lines[i].name}`;
    button.onclick = () =>
      writeCart(
        lines.map((line, j) => (j === i ? { ...line, count: line.count + by } : line)).filter((line) => line.count > 0),
      );
    return button;
  }

  function add(form) {
    const size = new FormData(form).get("size");
    const lines = readCart();
    const known = lines.find((line) => line.slug === form.dataset.add && line.size === size);
    if (known) known.count++;
    else
      lines.push({
        slug: form.dataset.add,
        name: form.dataset.name,
        price: Number(form.dataset.price),
        size,
        count: 1,
      });
    writeCart(lines);
    find("[data-added]").textContent = "Está no carrinho.";
  }

  /** The categories change without loading: a single-page navigation as Aceno has to notice it. */
  function showCategory(slug) {
    let name = "";
    for (const link of document.querySelectorAll("[data-filters] a")) {
      const here = link.dataset.category === slug;
      link.toggleAttribute("aria-current", here);
      if (here) {
        link.setAttribute("aria-current", "true");
        name = link.textContent;
      }
    }
    for (const card of document.querySelectorAll("[data-cards] > *"))
      card.hidden = slug !== "" && card.dataset.in !== slug;
    find("[data-heading]").textContent = name;
    find("[data-here]").textContent = slug ? name : "Produtos";
    document.title = `${name} · Trilha`;
  }

  function filters(box) {
    box.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-category]");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      if (link.pathname !== location.pathname) history.pushState({}, "", link.pathname);
      showCategory(link.dataset.category);
    });
    addEventListener("popstate", () => showCategory(location.pathname.split("/")[2] ?? ""));
  }

  document.addEventListener("DOMContentLoaded", () => {
    showCart(readCart());
    if (find("[data-filters]")) filters(find("[data-filters]"));
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-chat]")) window.aceno("open");
    });
    document.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target;
      if (form.dataset.add) add(form);
      if (form.matches("[data-checkout]")) {
        const data = new FormData(form);
        window.aceno("identify", { name: data.get("name"), email: data.get("email") });
        find("[data-done]").textContent = "Pedido recebido. É só uma demonstração: nada será cobrado.";
        writeCart([]);
      }
    });
  });
})();
