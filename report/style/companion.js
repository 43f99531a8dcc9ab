"use strict";
/* The page is complete without a script; with this one, it is searched, followed in the contents,
   and dark or light as the reader likes. */
(() => {
  const { ready, unpack, make, all, textOf, byHash, escaped, LETTER } = dom;
  const root = document.documentElement;
  root.classList.add("scripted");
  document.fonts.forEach((face) => face.load()); /* or the first text is set twice */

  /* Light and dark: the system's preference until the reader chooses. */
  const remembered = {
    get() { try { return localStorage.getItem("companion-theme"); } catch { return null; } },
    set(value) { try { localStorage.setItem("companion-theme", value); } catch { /* no storage */ } },
  };
  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches
    ? "dark" : "light")) === "dark";
  if (["light", "dark"].includes(remembered.get())) root.dataset.theme = remembered.get();

  function addThemeSwitch() {
    const button = make("button", { type: "button", class: "theme" });
    const name = () => { button.textContent = isDark() ? "Light page" : "Dark page"; };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remembered.set(root.dataset.theme);
      name();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
    name();
    document.querySelector(".bar").append(button);
  }

  /* The section in view is marked in the contents. */
  function followSections() {
    const links = new Map(all(".sidebar .toc a").map((a) => [a.getAttribute("href").slice(1), a]));
    const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    let waiting = false;
    let current = null;
    const mark = () => {
      waiting = false;
      const line = innerHeight * 0.25;
      let found = null;
      for (const heading of headings) {
        if (heading.checkVisibility?.({ contentVisibilityAuto: true }) === false) continue; /* far off */
        if (heading.getBoundingClientRect().top > line) break;
        found = heading;
      }
      const link = found && links.get(found.id);
      if (link === current) return;
      current?.removeAttribute("aria-current");
      all(".toc li.current").forEach((item) => item.classList.remove("current"));
      current = link;
      if (!link) return;
      link.setAttribute("aria-current", "location");
      for (let item = link.closest("li"); item; item = item.parentElement.closest("li")) {
        item.classList.add("current");
      }
      const sidebar = document.querySelector(".sidebar");
      const box = link.getBoundingClientRect();
      const frame = sidebar.getBoundingClientRect();
      if (box.top < frame.top || box.bottom > frame.bottom) {
        sidebar.scrollTop += box.top - frame.top - frame.height / 3;
      }
    };
    addEventListener("scroll", () => {
      if (!waiting) { waiting = true; requestAnimationFrame(mark); }
    }, { passive: true });
    requestAnimationFrame(mark);
  }

  /* On a narrow screen search and contents lie behind a button of the bar. */
  function addContentsButton() {
    const sidebar = document.querySelector(".sidebar");
    sidebar.id ||= "contents";
    const button = make("button", { type: "button", class: "to-contents", "aria-expanded": "false",
      "aria-controls": sidebar.id, onclick: () => open(!sidebar.classList.contains("open")) },
    "Contents, search");
    const open = (wanted) => {
      sidebar.classList.toggle("open", wanted);
      button.setAttribute("aria-expanded", wanted);
      if (wanted) sidebar.querySelector("#find").focus({ preventScroll: true });
    };
    sidebar.addEventListener("click", (event) => {
      if (!event.target.closest("a")) return;
      open(false);
      const at = document.activeElement; /* the finder may have given it to what it found */
      if (sidebar.contains(at)) at.blur(); /* so that the keys scroll the page, not the contents */
    });
    sidebar.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !button.offsetParent) return;
      open(false);
      button.focus();
    });
    sidebar.addEventListener("focusout", ({ relatedTarget: next }) => {
      if (next && next !== button && !sidebar.contains(next)) open(false);
    });
    document.querySelector(".bar").append(button);
  }

  /* Find: headings, tables and figures by their names, then the text itself, read when the field
     is first used. Spaces and hyphens of every kind are one; an abbreviation that a table's notes
     explain finds its long form too, and the reverse; so do words that the review declares alike. */
  const SMALL = new Set(["a", "and", "at", "in", "no", "not", "of", "on", "or", "the", "to", "vs"]);
  const plain = (text) => text.replace(/[\u2010-\u2014\u2212]/g, "-").replace(/\s*\u2913|\s/g, " ").trim();

  function wordsOf(element) {
    if (element.cells) return [...element.cells].map(textOf).filter(Boolean).join(" · ");
    const term = element.previousElementSibling;
    return `${term?.tagName === "DT" ? `${textOf(term)}: ` : ""}${textOf(element)}`;
  }

  /* Each with the headings and the caption above it, in which words of a query may stand too. */
  function readEntries() {
    const inText = "main p, main li, main dd, main tr, main summary, main pre";
    const named = "main h2, main h3, main h4, main figure.float, main [data-find]";
    const entries = [];
    const above = [];
    let section = document.querySelector("main");
    for (const element of all(`${named}, ${inText}`)) {
      const isName = element.id && element.matches(named);
      const level = isName && /^H(\d)$/.exec(element.tagName)?.[1];
      if (level) section = element;
      if (!isName && (element.parentElement.closest("tr, li, dd")
        || element.closest("thead, figcaption, .tools"))) continue;
      const text = plain(isName ? element.dataset.find
        || textOf(element.querySelector(":scope > figcaption") || element) : wordsOf(element));
      if (!text) continue;
      if (level) above.splice(level - 2, 9, text);
      const kind = element.matches(".float-tbl") ? "Table" : element.matches(".float-fig") ? "Figure"
        : element.id.startsWith("study-") ? "Study" : level ? "Section" : "Entry";
      const head = element.cells?.[0] ? plain(textOf(element.cells[0])).slice(0, 40) : "";
      const caption = isName ? "" : element.closest("figure")?.querySelector("figcaption");
      const around = [...above, caption ? plain(textOf(caption)) : ""].join(" ");
      entries.push({ element, isName, text, head, around, section,
        kind: isName ? kind : above.at(-1) || "", last: Boolean(element.closest(".traces")) });
    }
    return entries;
  }

  /* What fits all patterns: names, then texts, then texts with what stands above them, then the
     best text of a section that has them all; text before tables, a phrase as it was typed first, the
     audit trail last. */
  function hitsOf(entries, patterns, phrase) {
    const found = (text) => patterns.filter((pattern) => text.search(pattern) >= 0).length;
    const sections = new Map();
    const hits = entries.flatMap((entry) => {
      const own = found(entry.text);
      const whole = own < patterns.length ? found(`${entry.around} ${entry.text}`) : own;
      const seen = sections.get(entry.section) || { all: "", best: 0 };
      if (!entry.last) {
        seen.all += ` ${entry.text}`;
        if (own > seen.best) Object.assign(seen, { best: own, entry });
        seen.hit ||= own && whole === patterns.length;
      }
      sections.set(entry.section, seen);
      if (!own || whole < patterns.length) return [];
      const rank = entry.isName && own === whole ? entry.text.length / 1e4 : own === whole ? 1 : 2;
      const inTable = entry.element.tagName === "TR";
      const asTyped = phrase.includes(" ") && entry.text.toLowerCase().includes(phrase);
      return { ...entry, rank: rank + 4 * entry.last + (inTable && !entry.isName ? 0.5 : 0)
        - (asTyped ? 0.8 : 0) };
    });
    for (const { all: text, entry, hit } of sections.values()) {
      if (entry && !hit && found(text) === patterns.length) hits.push({ ...entry, rank: 3 });
    }
    return hits.sort((a, b) => a.rank - b.rank);
  }

  /* For a word that stands nowhere, the one of the page that shares most pairs of letters. */
  function corrected(word, entries) {
    const pairs = (text) => new Set([...text].slice(1).map((letter, at) => text[at] + letter));
    const wanted = pairs(word);
    const likeness = (other) => {
      const theirs = pairs(other);
      return 2 * [...theirs].filter((pair) => wanted.has(pair)).length / (theirs.size + wanted.size);
    };
    const words = new Set(entries.flatMap(({ text }) => text.toLowerCase().match(/\p{L}{4,}/gu) || []));
    const best = [...words].map((other) => [likeness(other), other]).sort((a, b) => b[0] - a[0])[0];
    return best?.[0] > 0.6 ? best[1] : word;
  }

  function readAlike() {
    const declared = document.querySelector(".sidebar").dataset.synonyms || "";
    const alike = declared.split("|").filter(Boolean).map((line) => line.split(/,\s*/));
    return [...alike, ...all(".table-notes p").flatMap((note) => plain(textOf(note)).split(", ")
      .map((part) => /^([A-Z][\w-]*[A-Z\d]\w*) (\D+)$/.exec(part)).filter(Boolean)
      .map(([, short, long]) => [short, long]))];
  }

  /* Each term as a pattern; numbers and abbreviations whole, words from their beginning. */
  function patternsOf(query, alike) {
    const isShort = (term) => /[A-Z].*[A-Z]|\d/.test(term);
    const loose = (term) => (isShort(term) ? `${[...term.replaceAll("-", "")].map(escaped).join("-?")}(?!${LETTER})`
      : `${escaped(term).replaceAll("-", "[- ]?")}\\p{L}*`);
    const bounded = (inner, last) => new RegExp(`(?<!${LETTER}|\\d\\.)(?:${inner})`
      + (/\d$/.test(last) ? "(?!\\d|[.,]\\d)" : ""), "giu");
    let rest = plain(query).toLowerCase().trim();
    const patterns = [];
    for (const terms of alike) {
      const inner = terms.map(loose).join("|");
      const any = new RegExp(`(?<!\\S)(?:${inner})(?!\\S)`, "iu");
      if (!any.test(rest)) continue;
      rest = rest.replace(any, " ");
      patterns.push(bounded(inner, ""));
    }
    const words = rest.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    const whole = (word) => (SMALL.has(word) ? `(?!${LETTER})` : "");
    return [...patterns, ...words.map((word) =>
      bounded(escaped(word).replaceAll("-", "-?") + whole(word), word))];
  }

  function snippetOf({ text, head }, patterns) {
    const marks = patterns.flatMap((pattern) => [...text.matchAll(pattern)])
      .map((found) => [found.index, found.index + found[0].length]).sort((a, b) => a[0] - b[0]);
    const begin = marks[0][0] < 50 ? 0 : text.indexOf(" ", marks[0][0] - 40) + 1 || marks[0][0];
    const end = text.length < begin + 100 ? text.length
      : Math.max(text.lastIndexOf(" ", begin + 90), marks[0][1]);
    let at = Math.min(begin, marks[0][0]);
    const parts = at ? [at > head.length && head ? `${head} … ` : "… "] : [];
    for (const [from, to] of marks) {
      if (from < at || to > end) continue;
      parts.push(text.slice(at, from), make("mark", {}, text.slice(from, to)));
      at = to;
    }
    parts.push(text.slice(at, end), end < text.length ? " …" : "");
    return parts;
  }

  function goTo(element) {
    all(".was-found").forEach((other) => other.classList.remove("was-found"));
    reveal(element);
    element.classList.add("was-found");
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    /* Twice: what stands above is laid out when it comes near. */
    /* A passage is shown with what stands above it. */
    const block = element.matches("h2, h3, h4, h5, figure, section") ? "start" : "center";
    const scroll = () => element.scrollIntoView({ behavior: "instant", block });
    scroll();
    requestAnimationFrame(scroll);
    setTimeout(scroll, 250);
  }

  /* Hits by kind, best kind first, so many of each. */
  const NAMED = { Study: "Studies", Table: "Tables", Figure: "Figures", Section: "Sections" };
  const groupOf = ({ isName, kind, element }) => (isName ? NAMED[kind] || "Sections"
    : element.tagName === "TR" ? "In tables" : "In the text");
  function grouped(hits) {
    const groups = new Map();
    hits.forEach((hit) => groups.set(groupOf(hit), [...(groups.get(groupOf(hit)) || []), hit]));
    return [...groups];
  }
  const fewOfEach = (hits, most) => grouped(hits).flatMap(([, some]) => some.slice(0, most));

  function addFinder() {
    const STEP = 5;
    let entries = null;
    let alike = null;
    const list = make("ul", { id: "found" });
    const said = make("p", { role: "status", class: "said" });
    const follow = (event, hit) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      const { id } = hit.isName ? hit.element : hit.section;
      if (location.hash !== `#${id}`) history.pushState(null, "", `#${id}`);
      goTo(hit.element);
    };
    const item = (hit, patterns) => make("li", {}, make("a", {
      href: `#${(hit.isName ? hit.element : hit.section).id}`,
      onclick: (event) => follow(event, hit) },
    ...snippetOf(hit, patterns), make("span", { class: "kind" }, hit.kind)));
    const show = (query, most = STEP) => {
      entries ||= readEntries();
      alike ||= readAlike();
      const search = (words) => {
        const patterns = patternsOf(words, alike);
        return [patterns, patterns.length ? hitsOf(entries, patterns, plain(words).toLowerCase().trim()) : []];
      };
      let [patterns, hits] = search(query);
      let instead = "";
      if (!hits.length && patterns.length) {
        const known = (word) => entries.some(({ text }) => text.toLowerCase().includes(word));
        instead = plain(query).toLowerCase().trim().split(" ").map((word) =>
          /^\p{L}{4,}$/u.test(word) && !known(word) ? corrected(word, entries) : word).join(" ");
        [patterns, hits] = search(instead);
      }
      const shown = fewOfEach(hits, most);
      const more = make("button", { type: "button", onclick: () => show(query, most + STEP) },
        `Show ${Math.min(STEP, hits.length - shown.length)} more`);
      list.replaceChildren(...grouped(shown).flatMap(([kind, some]) => [
        make("li", { class: "group" }, kind), ...some.map((hit) => item(hit, patterns))]),
        ...(hits.length > shown.length ? [make("li", {}, more)] : []));
      said.textContent = !query.trim() ? ""
        : !hits.length ? "Nothing found. Try a study’s name, a word or a number."
          : `${hits.length} found${instead ? ` for “${instead}”` : ""}`
            + `${shown.length < hits.length ? `, the first ${shown.length} listed` : ""}`;
    };
    const input = make("input", { type: "search", id: "find", autocomplete: "off",
      oninput: () => show(input.value) });
    const finder = make("div", { class: "find", role: "search", onkeydown: (event) => {
      const stops = [input, ...all("a", list)];
      const at = stops.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") {
        if (!input.value) return;
        input.value = "";
        show("");
        input.focus();
      } else if (event.key === "Enter" && at === 0) {
        stops[1]?.click();
      } else if (step && stops[at + step]) {
        stops[at + step].focus();
      } else if (!step) {
        return;
      }
      event.preventDefault();
    } }, make("label", { for: "find" }, "Find a study, number or word"), input, said, list);
    document.querySelector(".sidebar").prepend(finder);
    (window.requestIdleCallback || setTimeout)(() => { entries ||= readEntries(); });
    addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.target.closest("input, textarea, select, dialog")) return;
      event.preventDefault();
      const button = document.querySelector(".to-contents");
      if (button.offsetParent && button.getAttribute("aria-expanded") === "false") button.click();
      input.focus();
    });
  }

  function addAnchors() {
    for (const heading of all("main h2[id], main h3[id], main h4[id]")) {
      heading.append(make("a", { class: "anchor", href: `#${heading.id}`, tabindex: "-1",
        "aria-label": `Link to ${textOf(heading)}` }));
    }
  }

  /* The drawings for a phone lie packed in the page until the window is narrow. */
  function addPhoneDrawings() {
    const narrow = matchMedia("(max-width: 40rem)");
    const packed = document.getElementById("companion-drawings");
    const add = async () => {
      if (!narrow.matches || !packed?.isConnected) return;
      packed.remove();
      const drawings = JSON.parse(await unpack(packed));
      all(".figure-frame > svg.wide").forEach((wide, at) => wide.insertAdjacentHTML("afterend", drawings[at]));
    };
    narrow.addEventListener("change", add);
    add();
  }

  /* Tabs: arrow keys move, the panel follows. */
  function makeTabs(set, setNumber) {
    const panels = all(":scope > .tab", set);
    const tabs = panels.map((panel, number) => {
      panel.id ||= `tab-${setNumber}-${number}`;
      const tab = make("button", { type: "button", role: "tab", id: `${panel.id}-name`,
        "aria-controls": panel.id, onclick: () => select(number) },
        textOf(panel.querySelector(".tab-title")));
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      panel.tabIndex = 0;
      return tab;
    });
    const select = (chosen, focus = false) => panels.forEach((panel, number) => {
      panel.hidden = number !== chosen;
      tabs[number].setAttribute("aria-selected", number === chosen);
      tabs[number].tabIndex = number === chosen ? 0 : -1;
      if (focus && number === chosen) tabs[number].focus();
    });
    const list = make("div", { role: "tablist", onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const at = tabs.indexOf(document.activeElement);
      select((at + step + tabs.length) % tabs.length, true);
      event.preventDefault();
    } }, ...tabs);
    set.classList.add("tabbed");
    set.prepend(list);
    set.reveal = (element) => select(Math.max(0, panels.findIndex((p) => p.contains(element))));
    select(0);
  }

  function reveal(element) {
    for (let at = element; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
      if (at.classList.contains("panel-tabset") && at.reveal) at.reveal(element);
    }
  }

  ready(addPhoneDrawings, () => {
    addContentsButton();
    addThemeSwitch();
    addFinder();
    followSections();
  }, () => {
    all(".panel-tabset").forEach(makeTabs);
    addAnchors();
    const follow = () => {
      const target = location.hash && byHash(location.hash);
      if (target) { reveal(target); target.scrollIntoView({ behavior: "instant" }); }
    };
    addEventListener("hashchange", follow);
    follow();
  });
})();
