// The book's search. It looks through an index that the book brings along, and asks nobody else.
"use strict";

(() => {
  const root = document.currentScript.dataset.root;
  const query = document.getElementById("query");
  const found = document.getElementById("found");
  const most = 12;
  let entries = null;

  // The index is as long as the book, so that it is read when somebody wants to search.
  function load() {
    if (entries) return;
    entries = [];
    const script = document.createElement("script");
    script.src = root + "search-index.js";
    script.onload = () => {
      entries = bookIndex.map((entry) => ({ ...entry, titleWords: plain(entry.title), words: plain(entry.text) }));
      show();
    };
    document.head.append(script);
  }

  // Without capitals and accents, so that "rene" finds "René".
  function plain(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  // How often a word of the text begins with `word`; `text` is plain.
  function count(text, word) {
    let times = 0;
    let at = text.indexOf(word);
    while (at >= 0) {
      if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1])) times += 1;
      at = text.indexOf(word, at + word.length);
    }
    return times;
  }

  // How well an entry fits; 0 if one of the words is nowhere in it.
  function score(entry, words, whole) {
    let sum = entry.titleWords === whole ? 100 : 0;
    for (const word of words) {
      const inTitle = count(entry.titleWords, word);
      const inText = count(entry.words, word);
      if (inTitle + inText === 0) return 0;
      sum += 20 * Math.min(inTitle, 1) + Math.min(inText, 8);
    }
    if (words.length > 1 && (entry.titleWords.includes(whole) || entry.words.includes(whole))) sum += 30;
    return sum;
  }

  function show() {
    const whole = plain(query.value.trim());
    const words = whole.split(/\s+/).filter((word) => word);
    found.hidden = words.length === 0;
    if (found.hidden) return;
    const hits = entries
      .map((entry) => ({ entry, score: score(entry, words, whole) }))
      .filter((hit) => hit.score > 0)
      .sort((a, b) => b.score - a.score);
    const list = document.createElement("ol");
    for (const { entry } of hits.slice(0, most)) list.append(line(entry, words));
    const say = document.createElement("p");
    say.textContent = hits.length === 0 ? "Nothing found." : hits.length > most ? `${hits.length} places, the best first.` : "";
    found.replaceChildren(...(say.textContent ? [say, list] : [list]));
  }

  function line(entry, words) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = root + entry.address;
    const title = document.createElement("strong");
    title.textContent = entry.title;
    const place = document.createElement("span");
    place.className = "place";
    place.textContent = entry.place ? ` · ${entry.place}` : "";
    const around = document.createElement("span");
    around.className = "around";
    around.append(...excerpt(entry, words[0]));
    link.append(title, place, around);
    item.append(link);
    return item;
  }

  // The text around the first place where the word stands, with the word marked.
  function excerpt(entry, word) {
    // Only where plain text and text are equally long do places in one mean places in the other.
    const at = entry.words.length === entry.text.length ? entry.words.indexOf(word) : -1;
    if (at < 0) return [entry.text.slice(0, 110)];
    const start = at < 50 ? 0 : entry.text.indexOf(" ", at - 50) + 1;
    const mark = document.createElement("mark");
    mark.textContent = entry.text.slice(at, at + word.length);
    return [entry.text.slice(start, at), mark, entry.text.slice(at + word.length, at + 80)];
  }

  query.addEventListener("focus", load);
  query.addEventListener("input", () => { load(); show(); });
  query.form.addEventListener("submit", (event) => {
    event.preventDefault();
    found.querySelector("a")?.click();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      query.focus();
    } else if (event.key === "Escape") {
      query.value = "";
      show();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const links = [query, ...found.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      if (found.hidden || at < 0) return;
      event.preventDefault();
      links[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), links.length - 1)].focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".search")) found.hidden = true;
  });

  // Beside the text there is room for the contents; above it they would be in the way.
  if (!matchMedia("(min-width: 75rem)").matches) {
    document.querySelector(".contents details")?.removeAttribute("open");
  }
})();
