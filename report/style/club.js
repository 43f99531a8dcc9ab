"use strict";
/* The participant edition: controls for the questions, checked against salted hashes, and
   worksheets that fill in on the page. Answers stay in this browser; without this script the page
   is a complete handout. */
const club = (() => {
  const { ready, make, all, save, textOf, unformulated } = dom;
  const letterOf = (position) => String.fromCharCode(65 + position);

  /* What is kept, and where: this browser's own storage, one entry for each state of the data. */
  const place = () => `companion-club-${document.querySelector("meta[name='inputs-sha256']")
    ?.content.slice(0, 16) || "page"}`;
  const kept = {
    all() { try { return JSON.parse(localStorage.getItem(place())) || {}; } catch { return {}; } },
    get(key) { return this.all()[key]; },
    set(key, value) {
      try { localStorage.setItem(place(), JSON.stringify({ ...this.all(), [key]: value })); }
      catch { /* no storage: the answer lives as long as the page */ }
    },
    clear() { try { localStorage.removeItem(place()); } catch { /* nothing to clear */ } },
  };

  /* SHA-256 (FIPS 180-4) of a text: a page opened from a folder may have no `crypto.subtle`. */
  const primes = (() => {
    const found = [];
    for (let n = 2; found.length < 64; n += 1) {
      if (found.every((prime) => n % prime)) found.push(n);
    }
    return found;
  })();
  const fraction = (root) => ((root - Math.floor(root)) * 0x100000000) | 0;
  const ROUNDS = primes.map((prime) => fraction(Math.cbrt(prime)));
  const START = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const turned = (word, by) => (word >>> by) | (word << (32 - by));

  function sha256(text) {
    const bytes = new TextEncoder().encode(text);
    const blocks = Math.ceil((bytes.length + 9) / 64);
    const words = new Int32Array(blocks * 16);
    bytes.forEach((byte, at) => { words[at >> 2] |= byte << (24 - 8 * (at % 4)); });
    words[bytes.length >> 2] |= 0x80 << (24 - 8 * (bytes.length % 4));
    words[words.length - 1] = bytes.length * 8;
    const hash = [...START];
    for (let block = 0; block < blocks; block += 1) {
      const w = [...words.slice(block * 16, block * 16 + 16)];
      for (let t = 16; t < 64; t += 1) {
        const [a, b] = [w[t - 15], w[t - 2]];
        w[t] = (w[t - 16] + w[t - 7] + (turned(a, 7) ^ turned(a, 18) ^ (a >>> 3))
          + (turned(b, 17) ^ turned(b, 19) ^ (b >>> 10))) | 0;
      }
      let [a, b, c, d, e, f, g, h] = hash;
      for (let t = 0; t < 64; t += 1) {
        const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g))
          + ROUNDS[t] + w[t]) | 0;
        const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22))
          + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((word, n) => { hash[n] = (hash[n] + word) | 0; });
    }
    return hash.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  /* A typed number at so many places, rounded half up; with fewer places than asked for, null. */
  function canonical(typed, places) {
    let text = typed.replace(/[\s\u00a0\u202f%]/g, "").replace("\u2212", "-");
    if (places === 0) text = text.replace(/[.,'](?=\d{3}(\D|$))/g, "");
    text = text.replace(",", ".");
    const parts = text.match(/^(-?)(\d+)(?:\.(\d+))?$/);
    if (!parts) return { problem: "Write a number, such as 12 or 3.4." };
    const digits = parts[3] || "";
    if (digits.length < places) {
      return { problem: `Give ${places === 1 ? "one decimal place" : `${places} decimal places`}.` };
    }
    let scaled = BigInt(parts[2] + digits.slice(0, places));
    if (digits.length > places && digits[places] >= "5") scaled += 1n;
    const padded = scaled.toString().padStart(places + 1, "0");
    const whole = padded.slice(0, padded.length - places);
    const sign = parts[1] && scaled > 0n ? "-" : "";
    return { number: sign + whole + (places ? `.${padded.slice(-places)}` : "") };
  }

  /* Controls by kind: each returns the answer's parts, or what is missing; and tells its state. */
  const field = (blank, control) => { blank.replaceWith(control); return control; };

  const kinds = {
    numeric(box, name) {
      const input = field(box.querySelector(".blank"), make("input", {
        type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": `Answer: ${name}` }));
      return {
        state: () => input.value,
        restore: (value) => { input.value = value; },
        parts: () => {
          if (!input.value.trim()) return { problem: "Write an answer first." };
          const found = canonical(input.value, Number(box.dataset.places));
          return found.problem ? found : { parts: [found.number] };
        },
      };
    },
    choice: (box, name) => chosen(box, name, "radio"),
    several: (box, name) => chosen(box, name, "checkbox"),
    match(box, name) {
      const targets = all(":scope > ol", box)[1].children.length;
      const selects = all(".blank", box).map((blank) => {
        const item = textOf(blank.closest("li")).replace(/_+$/, "").trim();
        return field(blank, letters(targets, `${name}: ${item}`));
      });
      return bySelects(selects, "Give every item a letter.");
    },
    order(box, name) {
      const blanks = all(".blank", box);
      const selects = blanks.map((blank, n) =>
        field(blank, letters(blanks.length, `${name}: place ${n + 1}`)));
      return bySelects(selects, "Give every place a letter.");
    },
    open(box, name) {
      const area = make("textarea", { rows: 5, "aria-label": `Your answer: ${name}` });
      box.querySelector(".writing").append(area);
      return { state: () => area.value, restore: (value) => { area.value = value; } };
    },
  };

  function letters(count, label) {
    return make("select", { "aria-label": label }, make("option", { value: "" }, "–"),
      ...Array.from({ length: count }, (_, n) => make("option", {}, letterOf(n))));
  }

  function bySelects(selects, problem) {
    return {
      state: () => selects.map((select) => select.value),
      restore: (values) => selects.forEach((select, n) => { select.value = values[n] || ""; }),
      parts: () => (selects.every((select) => select.value)
        ? { parts: selects.map((select) => select.value) } : { problem }),
    };
  }

  function chosen(box, name, type) {
    const list = box.querySelector("ol");
    const group = make("div", { role: "group", "aria-label": name });
    list.replaceWith(group);
    group.append(list);
    const inputs = [...list.children].map((item, n) => {
      const input = make("input", { type, name: `club-${box.dataset.key}`, value: letterOf(n) });
      const words = make("span", {});
      words.append(...item.childNodes);
      item.append(make("label", {}, input, make("span", { class: "letter", "aria-hidden": "true" },
        letterOf(n)), words));
      return input;
    });
    list.classList.add("options");
    const values = () => inputs.filter((input) => input.checked).map((input) => input.value);
    return {
      state: values,
      restore: (found) => inputs.forEach((input) => { input.checked = found.includes(input.value); }),
      parts: () => (values().length ? { parts: [values().join(",")] }
        : { problem: "Choose an answer first." }),
    };
  }

  function judged(box, parts) {
    const { salt, check } = box.dataset;
    return check.split(";").map((accepted, n) =>
      accepted.split(" ").includes(sha256(`${salt}\n${n}\n${parts[n]}`).slice(0, 32)));
  }

  function verdict(results) {
    if (results.every(Boolean)) return ["Right.", "right"];
    if (results.length === 1) return ["Not yet. Look again.", "not-yet"];
    const right = results.filter(Boolean).length;
    return [`Not yet: ${right} of ${results.length} in their place.`, "not-yet"];
  }

  function addQuestion(box) {
    const name = box.dataset.title;
    const control = kinds[box.dataset.kind](box, name);
    const before = kept.get(box.dataset.key);
    if (before !== undefined) control.restore(before);
    const said = make("p", { class: "said", role: "status" });
    const keep = () => {
      kept.set(box.dataset.key, control.state());
      said.textContent = "";
      said.className = "said";
    };
    box.addEventListener("input", keep);
    if (!control.parts) return;
    const look = () => {
      const found = control.parts();
      const [text, state] = found.problem ? [found.problem, "asked"]
        : verdict(judged(box, found.parts));
      said.textContent = text;
      said.className = `said ${state}`;
    };
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input[type='text']")) look();
    });
    box.append(make("div", { class: "check" }, make("button", { type: "button", onclick: look,
      "aria-label": `Check: ${name}` }, "Check"), said));
  }

  /* Worksheets: a judgement and a reason for every item, saved as a table. */
  function addWorksheet(box) {
    const { key, tool, subject } = box.dataset;
    const before = kept.get(key) || {};
    const fields = all(".item", box).map((item) => {
      const words = [".domain", ".asks", ".shows"].map((part) => textOf(item.querySelector(part)));
      const [first, second] = all(".blank", item);
      const judgement = field(first, make("select", { "aria-label": `Judgement: ${words[0]}` },
        make("option", { value: "" }, "–"),
        ...box.dataset.choices.split("|").map((choice) => make("option", {}, choice))));
      const reason = field(second, make("textarea", { rows: 2, "aria-label": `Why: ${words[0]}` }));
      [judgement.value, reason.value] = before[item.dataset.item] || ["", ""];
      return { item: item.dataset.item, words, judgement, reason };
    });
    box.addEventListener("input", () => kept.set(key, Object.fromEntries(
      fields.map((one) => [one.item, [one.judgement.value, one.reason.value]]))));
    const rows = () => [
      ["item", "tool", "subject", "domain", "asks", "shows", "judgement", "reason"],
      ...fields.map((one) => [`${key}/${one.item}`, tool, subject, ...one.words,
        one.judgement.value, one.reason.value]),
    ];
    box.append(signed("Save this worksheet (CSV)", key.replace("/", "-"), rows));
  }

  /* A button that saves a table; initials tell the files of two readers apart. */
  function signed(text, file, rows, ...others) {
    const who = make("input", { type: "text", autocomplete: "off", class: "number who",
      "aria-label": "Your initials", oninput: () => {
        kept.set("who", who.value);
        all(".who").forEach((other) => { other.value = who.value; });
      } });
    who.value = kept.get("who") || "";
    const asked = make("span", { class: "said asked", role: "status" });
    const press = () => {
      const initials = who.value.replace(/[^\p{L}\p{N}]+/gu, "");
      asked.textContent = initials ? "" : "Write your initials first: they name the file.";
      if (initials) save(`${file}-${initials}.csv`, "text/csv", csv(rows()));
      else who.focus();
    };
    return make("div", { class: "check" }, make("label", {}, "Your initials ", who),
      make("button", { type: "button", onclick: press }, text), ...others, asked);
  }

  const csv = (rows) => `${rows.map((row) => row.map((text) => {
    const safe = unformulated(text);
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }).join(",")).join("\n")}\n`;

  function addDesk(boxes) {
    const before = (title) => title.compareDocumentPosition(boxes[0])
      & Node.DOCUMENT_POSITION_FOLLOWING;
    const title = all("main h2").filter(before).at(-1);
    if (!title) return;
    const answers = () => boxes.map((box) => {
      const state = kept.get(box.dataset.key);
      return [box.dataset.key, box.dataset.title, Array.isArray(state) ? state.join(" ") : state || ""];
    });
    const desk = make("div", { class: "desk" },
      make("button", { type: "button", onclick: () => window.print() }, "Print the handout"),
      make("button", { type: "button", onclick: () => save("answers.csv", "text/csv",
        csv([["question", "title", "answer"], ...answers()])) }, "Save my answers (CSV)"),
      make("button", { type: "button", onclick: () => { kept.clear(); location.reload(); } },
        "Clear my answers"));
    title.after(desk);
  }

  ready(() => {
    const boxes = all(".question[data-kind]");
    boxes.forEach(addQuestion);
    all(".worksheet").forEach(addWorksheet);
    if (boxes.length) addDesk(boxes);
  });

  return { kept, signed, field };
})();
