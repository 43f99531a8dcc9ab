"use strict";
/* The page is complete without this script; with it, numbers open cards, tables sort and filter. */
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const textOf = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const byHash = (hash) => document.getElementById(decodeURIComponent(hash.slice(1)));

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
    const contents = document.querySelector(".toc");
    const narrow = matchMedia("(max-width: 62rem)");
    const fold = () => { contents.open = !narrow.matches; };
    narrow.addEventListener("change", fold);
    fold();
    contents.addEventListener("click", (event) => {
      if (narrow.matches && event.target.closest("a")) contents.open = false;
    });
  }

  /* Find: headings, tables and figures by their names, then the text itself, read when the field
     is first used. Spaces and hyphens of every kind are one; an abbreviation that a table's notes
     explain finds its long form too, and the reverse. */
  const plain = (text) => text.replace(/[\u2010-\u2014\u2212]/g, "-").replace(/\s/g, " ");
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const LETTER = "[\\p{L}\\p{N}]";

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
     best text of a section that has them all; the audit trail last. */
  function hitsOf(entries, patterns) {
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
      return { ...entry, rank: rank + 4 * entry.last };
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

  function readAbbreviations() {
    return all(".table-notes p").flatMap((note) => plain(textOf(note)).split(", ")
      .map((part) => /^([A-Z][\w-]*[A-Z\d]\w*) (\D+)$/.exec(part)).filter(Boolean)
      .map(([, short, long]) => [short.replaceAll("-", ""), long]));
  }

  /* Each term as a pattern; numbers whole, words from their beginning. */
  function patternsOf(query, abbreviations) {
    const loose = (short) => [...short].map(escaped).join("-?");
    const bounded = (inner, last) => new RegExp(`(?<!${LETTER}|\\d\\.)(?:${inner})`
      + (/\d$/.test(last) ? "(?!\\d|[.,]\\d)" : ""), "giu");
    let rest = plain(query).toLowerCase().trim();
    const patterns = [];
    for (const [short, long] of abbreviations) {
      const either = new RegExp(`(?<!\\S)(?:${loose(short)}|${escaped(long)})(?!\\S)`, "iu");
      if (!either.test(rest)) continue;
      rest = rest.replace(either, " ");
      patterns.push(bounded(`${loose(short)}|${escaped(long)}`, ""));
    }
    const words = rest.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    return [...patterns, ...words.map((word) => bounded(escaped(word).replaceAll("-", "-?"), word))];
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
    const scroll = () => element.scrollIntoView({ behavior: "instant", block: "start" });
    scroll();
    requestAnimationFrame(scroll);
  }

  function addFinder() {
    const STEP = 30;
    let entries = null;
    let abbreviations = null;
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
      abbreviations ||= readAbbreviations();
      const search = (words) => {
        const patterns = patternsOf(words, abbreviations);
        return [patterns, patterns.length ? hitsOf(entries, patterns) : []];
      };
      let [patterns, hits] = search(query);
      let instead = "";
      if (!hits.length && patterns.length) {
        const known = (word) => entries.some(({ text }) => text.toLowerCase().includes(word));
        instead = plain(query).toLowerCase().trim().split(" ").map((word) =>
          /^\p{L}{4,}$/u.test(word) && !known(word) ? corrected(word, entries) : word).join(" ");
        [patterns, hits] = search(instead);
      }
      const shown = hits.slice(0, most);
      const more = make("button", { type: "button", onclick: () => show(query, most + STEP) },
        `Show ${Math.min(STEP, hits.length - most)} more`);
      list.replaceChildren(...shown.map((hit) => item(hit, patterns)),
        ...(hits.length > most ? [make("li", {}, more)] : []));
      said.textContent = !query.trim() ? ""
        : !hits.length ? "Nothing found. Try a study’s name, a drug or a number."
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
    } }, make("label", { for: "find" }, "Find a study, drug, number or word"), input, said, list);
    document.querySelector(".sidebar").prepend(finder);
  }

  function addAnchors() {
    for (const heading of all("main h2[id], main h3[id], main h4[id]")) {
      heading.append(make("a", { class: "anchor", href: `#${heading.id}`,
        "aria-label": `Link to ${textOf(heading)}` }));
    }
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

  /* Tables: rows joined by a row span stay together. */
  function gridOf(table, section) {
    const grid = [];
    [...section.rows].forEach((row, y) => {
      grid[y] ||= [];
      let x = 0;
      for (const cell of row.cells) {
        while (grid[y][x]) x += 1;
        for (let dy = 0; dy < cell.rowSpan; dy += 1) {
          for (let dx = 0; dx < cell.colSpan; dx += 1) {
            (grid[y + dy] ||= [])[x + dx] = cell;
          }
        }
      }
    });
    return grid.slice(0, section.rows.length);
  }

  function groupsOf(table) {
    return [...table.tBodies].flatMap((body) => {
      const grid = gridOf(table, body);
      const groups = [];
      [...body.rows].forEach((row, y) => {
        const joined = y > 0 && grid[y].some((cell) => cell && cell === grid[y - 1]
          .find((above) => above === cell));
        if (joined) groups.at(-1).rows.push(row);
        else groups.push({ rows: [row], cells: grid[y], place: groups.length });
        groups.at(-1).text = groups.at(-1).rows.map(textOf).join(" ").toLowerCase();
      });
      return groups;
    });
  }

  const numberIn = (text) => {
    const found = text.replace(/(\d),(?=\d{3}\b)/g, "$1").match(/-?\d+(\.\d+)?/);
    return found ? Number(found[0]) : null;
  };

  function sortBy(table, groups, header, column) {
    const order = header.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    all("th[aria-sort]", table).forEach((th) => th.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", order);
    const texts = new Map(groups.map((g) => [g, g.cells[column] ? textOf(g.cells[column]) : ""]));
    const numeric = groups.filter((g) => /^\D{0,2}\d/.test(texts.get(g))).length > groups.length / 2;
    const sign = order === "ascending" ? 1 : -1;
    const compare = (a, b) => {
      const [x, y] = [texts.get(a), texts.get(b)];
      if (!numeric) return sign * x.localeCompare(y, root.lang, { numeric: true });
      const [m, n] = [numberIn(x), numberIn(y)];
      if (m === null || n === null) return (m === null) - (n === null);
      return sign * (m - n);
    };
    const sorted = [...groups].sort((a, b) => compare(a, b) || a.place - b.place);
    table.tBodies[0].append(...sorted.flatMap((group) => group.rows));
  }

  function addSorting(table, groups) {
    const grid = table.tHead ? gridOf(table, table.tHead) : [];
    new Set(grid.at(-1) || []).forEach((header) => {
      if (!header || header.colSpan > 1) return;
      const column = grid.at(-1).indexOf(header);
      const button = make("button", { type: "button", class: "sort",
        onclick: () => sortBy(table, groups, header, column) });
      button.append(...header.childNodes);
      header.append(button);
    });
  }

  /* Filters: `data-filters="class=Drug class|window=Window"` on the table, `data-class="A|B"` on
     its rows; or `data-filter` on a header cell for the texts of its column. */
  function filtersOf(table, groups) {
    const declared = (table.dataset.filters || "").split("|").filter(Boolean).map((part) => {
      const [name, label] = part.split("=");
      return { label: label || name, values: (group) => group.rows.flatMap((row) =>
        (row.getAttribute(`data-${name}`) || "").split("|").filter(Boolean)) };
    });
    const grid = table.tHead ? gridOf(table, table.tHead) : [];
    const columns = all("th[data-filter]", table).map((header) => {
      const column = grid.at(-1).indexOf(header);
      return { label: textOf(header), values: (group) => {
        const cell = group.cells[column];
        return cell && textOf(cell) ? [textOf(cell)] : [];
      } };
    });
    return [...declared, ...columns].map((filter) => ({ ...filter,
      options: [...new Set(groups.flatMap(filter.values))].sort((a, b) => a.localeCompare(b)) }));
  }

  function addFilters(table, groups, tools) {
    const filters = filtersOf(table, groups);
    const count = make("p", { class: "count", role: "status" });
    const words = make("input", { type: "search", autocomplete: "off" });
    const selects = filters.map((filter) => make("select", {},
      make("option", { value: "" }, "All"),
      ...filter.options.map((value) => make("option", { value }, value))));
    const apply = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const group of groups) {
        const fits = wanted.every((word) => group.text.includes(word))
          && selects.every((select, n) => !select.value
            || filters[n].values(group).includes(select.value));
        group.rows.forEach((row) => { row.hidden = !fits; });
        shown += fits ? 1 : 0;
      }
      count.textContent = shown === groups.length ? `${shown} rows`
        : `${shown} of ${groups.length} rows`;
    };
    tools.append(make("label", {}, "Search this table", words),
      ...filters.map((filter, n) => make("label", {}, filter.label, selects[n])));
    [words, ...selects].forEach((control) => control.addEventListener("input", apply));
    apply();
    tools.append(count);
  }

  function save(name, kind, text) {
    const url = URL.createObjectURL(new Blob([text], { type: kind }));
    const link = make("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  /* A spreadsheet must take every cell as text, never as a formula. */
  const csvCell = (text) => {
    const safe = /^[=+@\t]|^-(?![\d.])/.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  const cellText = (cell) => {
    if (!cell) return "";
    const copy = cell.cloneNode(true);
    all("br", copy).forEach((br) => br.replaceWith("; "));
    all("sup", copy).forEach((sup) => sup.prepend("^"));
    all(".visually-hidden", copy).forEach((hidden) => hidden.remove());
    return textOf(copy);
  };
  function csvOf(table) {
    const head = table.tHead ? gridOf(table, table.tHead) : [];
    const width = head[0]?.length || 0;
    const names = Array.from({ length: width }, (_, x) =>
      [...new Set(head.map((row) => cellText(row[x])))].join(" / "));
    const rows = [...table.tBodies].flatMap((body) => gridOf(table, body)
      .filter((_, y) => !body.rows[y].hidden).map((row) => row.map(cellText)));
    const lines = [names, ...rows].map((row) => row.map(csvCell).join(","));
    return `\ufeff${lines.join("\r\n")}\r\n`;
  }

  function addTableTools(table) {
    const frame = table.closest(".table-frame");
    const name = table.closest("figure")?.id || table.id || "table";
    const tools = make("div", { class: "tools" });
    if (table.classList.contains("filterable")) {
      const groups = groupsOf(table);
      addFilters(table, groups, tools);
      addSorting(table, groups);
    }
    tools.append(make("button", { type: "button",
      onclick: () => save(`${name}.csv`, "text/csv;charset=utf-8", csvOf(table)) }, "Download CSV"));
    frame.before(tools);
  }

  function addFigureTools(figure) {
    const drawing = figure.querySelector("svg");
    if (!drawing) return;
    figure.append(make("div", { class: "tools" }, make("button", { type: "button",
      onclick: () => save(`${figure.id}.svg`, "image/svg+xml",
        new XMLSerializer().serializeToString(drawing)) }, "Download SVG")));
  }

  /* Only what scrolls needs to be reached by the keyboard. */
  function watchFrames() {
    const look = (frame) => {
      const scrolls = frame.scrollWidth > frame.clientWidth + 1;
      if (scrolls) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
    };
    const watcher = new ResizeObserver((entries) => entries.forEach((entry) => look(entry.target)));
    /* Reachable until it is known not to scroll; what is far off is measured when it comes near. */
    all(".table-frame, .figure-frame").forEach((frame) => { frame.tabIndex = 0; watcher.observe(frame); });
  }

  /* Trace cards: the audit entry of a number, opened at the number: what it is and what was read
     first, how it was computed folded away. */
  const LONG = 60;

  function studiesIn(text) {
    return all("main [id^='study-']").filter(({ id }) =>
      new RegExp(`(?<!${LETTER})${escaped(id.slice(6).replaceAll("-", " "))}(?!${LETTER})`, "iu").test(text));
  }

  function arranged(list, name) {
    const terms = new Map(all(":scope > dt", list).map((term) => [textOf(term), term]));
    const from = terms.get("From")?.nextElementSibling;
    const formula = from?.querySelector("i, em");
    const read = from ? studiesIn(from.textContent) : [];
    const steps = [];
    if (formula) {
      formula.nextSibling?.replaceWith(formula.nextSibling.data.replace(/^: /, ""));
      steps.push(make("p", {}, formula));
    }
    const filters = terms.get("Filters");
    if (filters) {
      steps.push(make("p", {}, "Chosen among: ", ...filters.nextElementSibling.childNodes));
      filters.nextElementSibling.remove();
      filters.remove();
    }
    if (/\d (more )?cells? of/.test(from?.textContent)) {
      steps.push(make("p", {}, "All cells, one by one: ", make("code", {}, `companion explain ${name}`),
        ", or trace.json beside the report"));
    }
    if (read.length) {
      terms.get("From").before(make("dt", {}, "Studies read"), make("dd", {}, ...read.flatMap(
        (study, number) => [number ? ", " : "", make("a", { href: `#${study.id}` }, textOf(study.cells?.[0] || study))])));
    }
    if (from && !textOf(from)) {
      terms.get("From").remove();
      from.remove();
    }
    if (steps.length) list.after(make("details", {}, make("summary", {}, "How it is computed"), ...steps));
  }

  /* A citation that stands alone: the number with its unit and what it is, the studies, the article
     with the place, this report, and how to check it. */
  function citationOf({ name, label, value }, body, anchor) {
    const fact = (id) => textOf(document.getElementById(id) || make("p")).replace(/\.$/, "");
    const terms = new Map(all("dt", body).map((term) => [textOf(term), textOf(term.nextElementSibling)]));
    const row = document.querySelector(`[data-table="ledger"] [data-trace="${name}"]`)?.closest("tr");
    const cells = new Map(row ? [...row.closest("table").tHead.rows[0].cells].map((head, at) =>
      [textOf(head), textOf(row.cells[at])]) : []);
    const [printed, recomputed] = ["Printed", "Recomputed"].map((term) => cells.get(term) || terms.get(term));
    const claim = terms.get("Verdict") && [printed && `printed: ${printed}`,
      recomputed && `recomputed: ${recomputed}`, `verdict: ${terms.get("Verdict")}`].filter(Boolean).join("; ");
    const linked = [...new Set(all(claim ? "dd:nth-of-type(2) a[href^='http']" : "a[href^='http']", body).map(textOf))];
    const places = linked.length ? [...linked.slice(0, 3), ...(linked.length > 3 ? ["and other places"] : [])].join("; ")
      : /Printed in (.+?)(?:\. and |$)/.exec(terms.get("From"))?.[1];
    const article = places && fact("reviewed-article");
    const studies = cells.get("Study") || terms.get("Studies read");
    const page = location.protocol === "file:" ? location.pathname.split("/").at(-1)
      : location.origin + location.pathname;
    return [`${label}: ${claim || value}`,
      studies?.split(", ").length < 6 && `Studies: ${studies}`,
      article && `${body.querySelector("details i") && !claim ? "From figures printed" : "Printed"} in: ${article} (${places})`,
      `Checked in: ${fact("how-to-cite") || document.title}`,
      fact("data-date") && `Data of ${fact("data-date")}`,
      `To check it: ${page}${anchor}, or companion explain ${name}`].filter(Boolean).join(". ");
  }

  function addCards() {
    const title = make("p", {});
    const body = make("div", { class: "card-body" });
    const said = make("p", { class: "said", role: "status" });
    const open = make("a", {}, "Open in the audit appendix");
    const copy = make("button", { type: "button", onclick: () => copyCitation() },
      "Copy a citation of this number");
    const close = make("button", { type: "button", onclick: () => card.close() }, "Close");
    const card = make("dialog", { class: "card", "aria-label": "Where this comes from" },
      make("header", {}, title, close), body, make("footer", {}, copy, open, said));
    let trigger = null;
    let entry = null;
    let shown = null;

    const fill = (link) => {
      entry = byHash(link.hash);
      shown = { name: link.dataset.trace || entry.id.replace(/^trace-/, ""), text: textOf(link),
        value: textOf(entry.cells?.[1] || link),
        label: textOf(entry.querySelector("h1, h2, h3, h4, h5, h6, th") || entry) };
      title.textContent = shown.text.length > LONG ? shown.label : shown.text;
      const clone = entry.tagName === "TR" ? rowAsList(entry, title.textContent) : entry.cloneNode(true);
      [clone, ...all("[id]", clone)].forEach((part) => part.removeAttribute("id"));
      all(".tools, .anchor", clone).forEach((part) => part.remove());
      all('a[href^="#p"], a[href^="#f"]', clone).forEach((link) => {
        const listed = document.querySelector(`.places ${link.getAttribute("href")} > *`);
        if (listed) link.replaceWith(listed.cloneNode(true));
      });
      const facts = clone.tagName === "DL" ? clone : clone.querySelector("dl");
      if (facts && clone.querySelector('a[href^="http"]') && !clone.querySelector(".checked")) {
        facts.append(make("dt", {}, "Checked"), make("dd", {}, "against the review only"));
      }
      body.replaceChildren(clone);
      all("dl", body).forEach((list) => arranged(list, shown.name));
      open.href = link.hash;
      said.textContent = "";
      card.setAttribute("aria-label", `Where “${title.textContent}” comes from`);
    };
    const place = (link) => {
      if (matchMedia("(max-width: 40rem)").matches) return;
      const at = link.getBoundingClientRect();
      const left = Math.min(Math.max(8, at.left - 16), innerWidth - card.offsetWidth - 16);
      const below = at.bottom + 8 + card.offsetHeight < innerHeight || at.top < card.offsetHeight + 8;
      const beside = below ? at.bottom + 8 : at.top - card.offsetHeight - 8;
      const top = Math.max(8, Math.min(beside, innerHeight - card.offsetHeight - 8));
      card.style.left = `${left + scrollX}px`;
      card.style.top = `${top + scrollY}px`;
    };
    const copyCitation = async () => {
      const text = citationOf(shown, body, open.hash);
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        const box = make("textarea", {});
        box.value = text;
        card.append(box);
        box.select();
        document.execCommand("copy");
        box.remove();
        copy.focus();
      }
      said.textContent = "Copied";
    };
    document.body.append(card);
    card.addEventListener("click", (event) => { if (event.target === card) card.close(); });
    card.addEventListener("close", () => {
      trigger?.focus({ preventScroll: true });
      trigger = null;
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href^='#']");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      if (card.contains(link) && !link.classList.contains("traced")) {
        trigger = null;
        card.close();
        return;
      }
      if (!link.classList.contains("traced") || !byHash(link.hash)) return;
      event.preventDefault();
      fill(link);
      if (card.open) return;
      trigger = link;
      /* Amid the view from the start: taking the focus must not scroll the page. */
      card.style.left = "0";
      card.style.top = matchMedia("(max-width: 40rem)").matches ? "" : `${scrollY + innerHeight / 2}px`;
      card.showModal();
      place(link);
    });
  }

  function rowAsList(row, title) {
    const heads = [...row.closest("table").tHead?.rows[0]?.cells || []].map(textOf);
    return make("dl", {}, ...[...row.cells].flatMap((cell, number) => {
      if (!textOf(cell) || (cell.tagName === "TH" && textOf(cell) === title)) return [];
      const value = make("dd", {});
      value.append(...cell.cloneNode(true).childNodes);
      return [make("dt", {}, heads[number] || ""), value];
    }));
  }

  document.addEventListener("DOMContentLoaded", () => {
    addThemeSwitch();
    addFinder();
    followSections();
    all(".panel-tabset").forEach(makeTabs);
    all(".table-frame > table").forEach(addTableTools);
    all("figure.float-fig").forEach(addFigureTools);
    addAnchors();
    watchFrames();
    addCards();
    const follow = () => {
      const target = location.hash && byHash(location.hash);
      if (target) { reveal(target); target.scrollIntoView({ behavior: "instant" }); }
    };
    addEventListener("hashchange", follow);
    follow();
  });
})();
