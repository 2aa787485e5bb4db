// Finds pages with Pagefind's index (https://pagefind.app/docs/api/). All words shown come from the page's data attributes.

const PAGE = 10;
const form = document.querySelector("[data-search]");
const field = form.elements.namedItem("q");
const status = document.querySelector("[data-status]");
const list = document.querySelector("[data-results]");
const sections = document.querySelector(".headings");
const words = form.dataset;
const more = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: words.more });
let engine;
let latest = 0;
let found = [];

const say = (text) => { status.textContent = text; };
const number = (n) => n.toLocaleString(document.documentElement.lang);

async function start() {
  engine ??= import(new URL(words.search, location.href)).then(async (pagefind) => {
    await pagefind.init();
    return pagefind;
  });
  return engine;
}

// An excerpt is text with <mark> in it. Nothing else of it becomes an element.
function excerpt(markup) {
  const paragraph = document.createElement("p");
  for (const node of new DOMParser().parseFromString(markup, "text/html").body.childNodes) {
    const part = node.nodeName === "MARK" ? document.createElement("mark") : document.createElement("span");
    part.textContent = node.textContent;
    paragraph.append(part);
  }
  return paragraph;
}

function item(page) {
  const line = Object.assign(document.createElement("li"), { className: "item" });
  const box = document.createElement("div");
  const heading = document.createElement("h2");
  const link = Object.assign(document.createElement("a"), { href: page.url, textContent: page.meta.title });
  heading.append(link);
  box.append(heading, excerpt(page.excerpt));
  line.append(box);
  return line;
}

async function show(mine) {
  const shown = list.children.length;
  const pages = await Promise.all(found.slice(shown, shown + PAGE).map((result) => result.data()));
  if (mine !== latest) return;
  list.append(...pages.map(item));
  more.hidden = list.children.length >= found.length;
  if (shown) list.children[shown]?.querySelector("a").focus();
}

async function look() {
  const mine = ++latest;
  const asked = field.value.trim();
  history.replaceState(null, "", asked ? `?q=${encodeURIComponent(asked)}` : location.pathname);
  if (!asked) {
    found = [];
    sections.hidden = false;
    list.replaceChildren();
    more.hidden = true;
    return say("");
  }
  say(words.loading);
  try {
    const results = (await (await start()).search(asked)).results;
    if (mine !== latest) return;
    found = results;
    list.replaceChildren();
    sections.hidden = found.length > 0;
    await show(mine);
    if (mine === latest) say(found.length ? words.found.replace("{number}", number(found.length)) : words.none);
  } catch {
    engine = undefined;
    sections.hidden = false;
    if (mine === latest) say(words.failed);
  }
}

let waiting;
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 250);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  look();
});
field.addEventListener("focus", () => start().catch(() => { engine = undefined; }), { once: true });
more.addEventListener("click", () => show(latest));
more.hidden = true;
list.after(more);
field.value = new URLSearchParams(location.search).get("q") ?? "";
look();
