"use strict";
/* Trace cards: the audit entry of a number, opened at the number: the article's own figure in its
   place first, then what it is in words; the expression and what it read are folded away. In a book of
   several pages the page of the audit trail, loaded unseen, answers for the others. */
(() => {
  const { ready, pause, unpack, make, all, textOf, byHash, escaped, LETTER } = dom;
  const LONG = 60;
  const MANY = 6; /* studies: too many to list */
  const COPY = "Copy a citation of this number";
  const COPIED = "Copied";
  const NARROWEST = 256; /* px, of a card in the margin */
  const LOWEST = 224; /* px, of a card that would cover its number */
  const PATIENCE = 5000; /* ms, for an answer of the other page */

  const upperFirst = (text) => text[0].toUpperCase() + text.slice(1);
  function studiesIn(text) {
    const said = text.toLowerCase();
    return all("main [id^='study-']").filter(({ id }) => {
      const name = id.slice(6).replaceAll("-", " ");
      return said.includes(name) && new RegExp(`(?<!${LETTER})${escaped(name)}(?!${LETTER})`, "u").test(said);
    });
  }

  function arranged(list, name) {
    const terms = new Map(all(":scope > dt", list).map((term) => [textOf(term), term]));
    const term = terms.get("From");
    if (!term) return;
    const from = term.nextElementSibling;
    const read = studiesIn(from.textContent);
    const formula = from.querySelector("i, em, code");
    const cells = [];
    if (formula) {
      formula.nextSibling?.replaceWith(formula.nextSibling.data.replace(/^: /, ""));
      formula.remove();
    }
    for (const node of [...from.childNodes].filter((one) => one.data)) {
      const also = node.data.startsWith("also read: ");
      if (!also && node.previousSibling?.nodeName !== "A") continue;
      if (also && node.previousSibling?.nodeName === "BR") node.previousSibling.remove();
      cells.push(upperFirst(node.data.replace(/^: /, "").trim() || " "));
      node.remove();
    }
    const filters = terms.get("Filters");
    if (filters) {
      cells.push(`Chosen among: ${textOf(filters.nextElementSibling)}`);
      filters.nextElementSibling.remove();
      filters.remove();
    }
    if (from.querySelector("a[href^='http']")) {
      term.textContent = "In the article";
      if (!terms.has("Verdict")) list.prepend(term, from);
    }
    all(".checked", from).forEach((said) => said.before(" "));
    const recomputed = terms.get("Recomputed")?.nextElementSibling;
    if (recomputed && /^(holds|does not hold)$/.test(textOf(recomputed))) {
      terms.get("Recomputed").remove();
      recomputed.remove();
    }
    if (read.length && read.length < MANY) {
      list.append(make("dt", {}, "Studies concerned"), make("dd", {}, ...read.flatMap(
        (study, number) => [number ? ", " : "", make("a", { href: `#${study.id}` }, textOf(study.cells?.[0] || study))])));
    }
    if (!textOf(from)) {
      term.remove();
      from.remove();
    }
    if (cells.length || formula) {
      list.after(make("details", { class: "cells" }, make("summary", {}, "How it was computed"),
        ...(formula ? [make("p", {}, formula)] : []),
        ...cells.map((text) => make("p", {}, text)), make("p", {}, "All, one by one: ",
          make("code", {}, `companion explain ${name}`), ", or trace.json beside the report")));
    }
  }

  function rowAsList(row, title) {
    const heads = [...row.closest("table").tHead?.rows[0]?.cells || []].map(textOf);
    return make("dl", {}, ...[...row.cells].flatMap((cell, number) => {
      if (["", title].includes(textOf(cell))) return [];
      const value = make("dd", {});
      value.append(...cell.cloneNode(true).childNodes);
      return [make("dt", {}, heads[number] || ""), value];
    }));
  }

  /* Where entries stand: on this page, or packed into it: then a line each, parsed when it is asked
     for. `find` gives an entry, `listed` what the lists of places and formulas say. */
  const ON_PAGE = {
    find: byHash,
    listed: (hash) => document.querySelector(`.places ${hash} > *`),
  };
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;
  const packedIn = (html) => ({
    find(hash) {
      const id = decodeURIComponent(hash.slice(1));
      const at = html.indexOf(`id="${id}"`);
      if (at < 0) return null;
      const from = html.lastIndexOf("\n", at) + 1;
      const to = html.indexOf("\n", at);
      const heads = html.startsWith("<tr", from) ? html.slice(html.lastIndexOf("<table", from), from) : "";
      return all("[id]", parsed(heads + html.slice(from, to < 0 ? undefined : to))).find((one) => one.id === id);
    },
    listed(hash) {
      const at = html.indexOf(`<li id=${hash.slice(1)}>`);
      const to = at < 0 ? -1 : html.slice(at + 1).search(/<li|<\/ol/);
      return to < 0 ? null : parsed(html.slice(at, at + 1 + to)).querySelector("li > *");
    },
  });
  const packed = () => document.getElementById("companion-entries");
  let unpacking = null;
  const unpacked = () => { unpacking ||= unpack(packed()).then(packedIn); return unpacking; };

  /* What the card for a number shows, taken from its entry; null where there is none. */
  function entryOf({ hash, name, text }, source) {
    const entry = source.find(hash);
    if (!entry) return null;
    const label = textOf(entry.querySelector("h1, h2, h3, h4, h5, h6, th") || entry);
    const title = text.length > LONG ? label : text;
    const body = entry.tagName === "TR" ? rowAsList(entry, title) : entry.cloneNode(true);
    [body, ...all("[id]", body)].forEach((part) => part.removeAttribute("id"));
    all(".tools, .anchor", body).forEach((part) => part.remove());
    all('a[href^="#p"], a[href^="#f"]', body).forEach((link) => {
      const listed = source.listed(link.getAttribute("href"));
      if (listed) link.replaceWith(listed.cloneNode(true));
    });
    const facts = body.tagName === "DL" ? body : body.querySelector("dl");
    if (facts && body.querySelector('a[href^="http"]') && !body.querySelector(".checked")) {
      facts.append(make("dt", {}, "Checked"), make("dd", {}, "against the review only"));
    }
    const whole = make("div", {}, body);
    all("dl", whole).forEach((list) => arranged(list, name));
    return { name, title, label, value: textOf(entry.cells?.[1] || make("p", {}, text)),
      html: whole.innerHTML };
  }

  /* Asks the page of the audit trail; null if it does not answer. */
  const pages = new Map();
  function load(address) {
    if (!pages.has(address)) {
      pages.set(address, new Promise((resolve) => {
        const frame = make("iframe", { src: address, title: "Audit trail", hidden: "",
          onload: () => resolve(frame) });
        document.body.append(frame);
      }));
    }
    return pages.get(address);
  }

  async function ask(address, question) {
    const frame = await load(address);
    return new Promise((resolve) => {
      const end = (answer) => { removeEventListener("message", hear); resolve(answer); };
      const hear = (event) => {
        const of = event.data?.companionAnswer;
        if (event.source === frame.contentWindow && of?.hash === question.hash) end(of.entry);
      };
      addEventListener("message", hear);
      setTimeout(() => end(null), PATIENCE);
      frame.contentWindow.postMessage({ companionQuestion: question }, "*");
    });
  }

  addEventListener("message", (event) => {
    const question = event.data?.companionQuestion;
    if (!question) return;
    const answer = { hash: question.hash, entry: entryOf(question, ON_PAGE) };
    event.source.postMessage({ companionAnswer: answer }, "*");
  });

  const linesOf = (element) => {
    const copy = element.cloneNode(true);
    all("br", copy).forEach((br) => br.replaceWith("\n"));
    return copy.textContent;
  };

  /* A citation that stands alone: the number with its unit and what it is, the studies, the article
     with the place, this report, and how to check it. */
  function citationOf({ name, label, value }, body, { href, hash }) {
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
      : all("dd", body).map((told) => /Printed in (.+)/.exec(linesOf(told))?.[1]).find(Boolean);
    const article = places && fact("reviewed-article");
    const studies = cells.get("Study") || terms.get("Studies concerned");
    const page = href.startsWith("file:") ? href.split("#")[0].split("/").at(-1) : href.split("#")[0];
    return [`${label}: ${claim || value}`,
      studies?.split(", ").length < MANY && `Studies: ${studies}`,
      article && `${body.querySelector("dd > i, details i") && !claim ? "From figures printed" : "Printed"} in: ${article} (${places})`,
      `Checked in: ${fact("how-to-cite") || document.title}`,
      fact("data-date") && `Data as of ${fact("data-date")}`,
      `To check it: ${page}${hash}, or companion explain ${name}`].filter(Boolean).join(". ");
  }

  function addCards() {
    const title = make("p", {});
    const body = make("div", { class: "trace-card-body" });
    const said = make("p", { class: "visually-hidden", role: "status" });
    const open = make("a", {}, "Open in the audit trail");
    const copy = make("button", { type: "button", onclick: () => copyCitation() }, COPY);
    const close = make("button", { type: "button", onclick: () => card.close() }, "Close");
    const card = make("dialog", { class: "trace-card", "aria-label": "Where this comes from" },
      make("header", {}, title, close), body, make("footer", {}, copy, open, said));
    let trigger = null;
    let shown = null;

    const fill = (entry, link) => {
      shown = entry;
      const same = entry.title === textOf(link);
      title.replaceChildren(...(same ? link.cloneNode(true).childNodes : [entry.title]));
      body.innerHTML = entry.html;
      open.href = link.href;
      copy.textContent = COPY;
      said.textContent = "";
      card.setAttribute("aria-label", `Where “${entry.title}” comes from`);
    };
    /* On a wide screen, in the empty margin beside the sentence: it covers nothing. */
    const besideText = (link, at) => {
      const block = link.closest("p, li, dd");
      if (!block || link.closest("table, figure, .dossier") || !matchMedia("(min-width: 73.75rem)").matches) return false;
      const from = block.getBoundingClientRect().right + 24;
      const room = document.documentElement.clientWidth - from - 16;
      if (room < NARROWEST) return false;
      card.style.width = `${Math.min(room, 480)}px`;
      const top = Math.max(60, Math.min(at.top - 12, innerHeight - card.offsetHeight - 8));
      card.style.left = `${from + scrollX}px`;
      card.style.top = `${top + scrollY}px`;
      return true;
    };
    const place = (link) => {
      card.style.width = card.style.maxHeight = "";
      const at = link.getBoundingClientRect();
      if (matchMedia("(max-width: 40rem)").matches) {
        scrollBy(0, Math.max(0, at.bottom + 12 - (innerHeight - card.offsetHeight)));
        return;
      }
      if (besideText(link, at)) return;
      const left = Math.min(Math.max(8, at.left - 16), innerWidth - card.offsetWidth - 16);
      const rooms = { below: innerHeight - at.bottom - 24, above: at.top - 76 };
      const below = card.offsetHeight < rooms.below || rooms.below >= rooms.above;
      card.style.maxHeight = `${Math.max(LOWEST, below ? rooms.below : rooms.above)}px`;
      const beside = below ? at.bottom + 8 : at.top - card.offsetHeight - 8;
      const top = Math.max(60, Math.min(beside, innerHeight - card.offsetHeight - 8));
      card.style.left = `${left + scrollX}px`;
      card.style.top = `${top + scrollY}px`;
    };
    const copyCitation = async () => {
      const text = citationOf(shown, body, open);
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
      copy.textContent = COPIED;
      said.textContent = "The citation is in the clipboard.";
    };
    document.body.append(card);
    card.addEventListener("click", (event) => { if (event.target === card) card.close(); });
    card.addEventListener("close", () => {
      trigger?.focus({ preventScroll: true });
      trigger = null;
    });
    const show = (entry, link) => {
      fill(entry, link);
      if (card.open) return;
      trigger = link;
      /* Amid the view from the start: taking the focus must not scroll the page. */
      card.style.left = "0";
      card.style.top = matchMedia("(max-width: 40rem)").matches ? "" : `${scrollY + innerHeight / 2}px`;
      card.showModal();
      place(link);
    };
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href*='#']");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const address = link.href.split("#")[0];
      const here = address === location.href.split("#")[0];
      if (card.contains(link) && here && !link.classList.contains("traced")) {
        trigger = null;
        card.close();
        return;
      }
      if (!link.classList.contains("traced") || (here && !byHash(link.hash))) return;
      event.preventDefault();
      const question = { hash: link.hash, text: textOf(link),
        name: link.dataset.trace || link.hash.replace(/^#trace-/, "") };
      if (here) {
        show(entryOf(question, ON_PAGE), link);
        return;
      }
      const found = packed() ? unpacked().then((source) => entryOf(question, source))
        : ask(address, question);
      found.catch(() => null).then(async (entry) => {
        await pause();
        if (entry) show(entry, link);
        else location.assign(link.href);
      });
    });
    const idle = window.requestIdleCallback || setTimeout;
    if (packed()) idle(() => { unpacked().catch(() => null); });
  }

  ready(addCards);
})();
