// Search over the portal's own index. No dependency, no request but to this site; results are built as text, never as HTML.
(() => {
  "use strict";
  const input = document.getElementById("q");
  const form = input.form;
  const status = document.getElementById("status");
  const results = document.getElementById("results");
  const more = document.getElementById("more");
  const STEP = 30;
  let items = null;
  let loading = null;
  let found = [];
  let shown = 0;

  // Without case and marks, so that "Zoe" finds "Zoë"; one text per item, so that a query word is one substring search.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();

  async function fetchJson(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${answer.status} for ${url}`);
    return answer.json();
  }

  async function load() {
    const index = await fetchJson(results.dataset.index);
    const parts = await Promise.all(index.parts.map(fetchJson));
    items = parts.flat().map(([url, title, excerpt, provider, topics, instant, time, lang, dir]) => {
      const head = fold(title);
      return { url, title, excerpt, provider, topics, instant, time, lang, dir, head, all: [head, fold(excerpt), fold(provider), ...topics.map(fold)].join("\n") };
    });
  }

  // Words in the title count most, at the start of a word more than inside one. Equal ones stay newest first.
  function score(item, words) {
    let sum = 0;
    for (const word of words) {
      if (!item.all.includes(word)) return 0;
      const at = item.head.indexOf(word);
      sum += at < 0 ? 1 : at === 0 || !/[\p{L}\p{N}]/u.test(item.head[at - 1]) ? 4 : 2;
    }
    return sum;
  }

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function card(item) {
    const voice = { lang: item.lang, dir: item.dir };
    const link = element("a", { href: item.url }, item.title);
    const meta = element("p", { class: "meta" }, element("bdi", { class: "provider" }, item.provider), " ", element("time", { datetime: item.instant }, item.time));
    const words = element("div", { class: "words" }, element("h2", { class: "headline", ...voice }, link));
    if (item.excerpt) words.append(element("p", { class: "excerpt", ...voice }, item.excerpt));
    words.append(meta);
    return element("article", { class: "row" }, words);
  }

  function showMore() {
    const next = found.slice(shown, shown + STEP).map(card);
    results.append(...next);
    shown += next.length;
    more.hidden = shown >= found.length;
    return next[0];
  }

  async function search() {
    const query = input.value.trim();
    const address = new URL(location.href);
    if (query) address.searchParams.set("q", query);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
    if (!items) {
      if (!query) return;
      status.textContent = status.dataset.loading;
      try {
        await (loading ??= load());
      } catch {
        loading = null;
        status.textContent = status.dataset.failed;
        return;
      }
    }
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    found = words.length ? items.map((item) => [score(item, words), item]).filter(([points]) => points > 0).sort((a, b) => b[0] - a[0]).map(([, item]) => item) : [];
    shown = 0;
    results.replaceChildren();
    showMore();
    status.textContent = !words.length ? "" : found.length ? status.dataset.results.replace("{count}", found.length) : status.dataset.none;
  }

  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    search();
  });
  more.addEventListener("click", () => {
    const first = showMore();
    if (first) first.querySelector("a").focus();
  });
  input.value = new URL(location.href).searchParams.get("q") || "";
  input.focus();
  search();
})();
