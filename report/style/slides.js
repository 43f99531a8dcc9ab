"use strict";
/* The headings of the page become slides, one at a time: keys go on, a key shows the answer. */
(() => {
  const { ready, all, make, textOf, byHash } = dom;
  const ON = ["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"];
  const BACK = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"];

  /* Each heading with what follows it. The heading of the one chapter is the title once more. */
  function screens(main) {
    const found = [];
    for (const part of all(":scope > :not(.chapter), :scope > .chapter > *", main)) {
      if (part.matches(".about-file")) continue;
      if (part.matches(".title-block, h2, h3")) {
        found.push(make("section", { class: part.matches("h2, h3") ? "screen" : "screen title" }));
      }
      found.at(-1)?.append(part);
    }
    const kept = found.filter((screen) => screen.children.length > 1 || screen.matches(".title"));
    found.filter((screen) => !kept.includes(screen)).forEach((screen) => screen.remove());
    all(":scope > .chapter", main).forEach((emptied) => emptied.remove());
    kept.forEach((screen) => {
      const heading = screen.querySelector("h1, h2, h3");
      heading.setAttribute("role", "heading");
      heading.setAttribute("aria-level", "1");
      screen.setAttribute("aria-label", textOf(heading));
      screen.classList.toggle("with-figure", Boolean(screen.querySelector(".figure-frame")));
      screen.tabIndex = 0;
      main.append(screen);
    });
    return kept;
  }

  const idOf = (screen) => screen.querySelector("[id]")?.id || "";
  const isAnswer = (screen) => idOf(screen).endsWith("-answer");

  /* The name of a substance stays on its line: “AB-1”. */
  function keepTogether(main) {
    const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      text.data = text.data.replace(/\b([A-Z]{1,2}-)(?=[A-Z])/g, "$1\u2060");
    }
  }

  /* As large as the window allows. */
  function fit(screen) {
    screen.style.removeProperty("--size");
    if (innerWidth <= 720) return;
    const text = screen.querySelector(".slide") || screen;
    const beside = screen.matches(".with-figure");
    for (let size = 5.5; size > 1.4; size -= 0.2) {
      screen.style.setProperty("--size", `${size}vh`);
      if (screen.scrollHeight <= screen.clientHeight && text.scrollWidth <= text.clientWidth
        && !(beside && text.scrollHeight > text.clientHeight)) return;
    }
  }

  ready(() => {
    const main = document.querySelector("main");
    document.documentElement.classList.add("deck");
    all(".anchor").forEach((anchor) => anchor.remove());
    keepTogether(main);
    const deck = screens(main);
    const place = make("span", { role: "status" });
    let at = Math.max(0, deck.findIndex((s) => location.hash && s.contains(byHash(location.hash))));
    const show = (wanted) => {
      at = Math.min(Math.max(wanted, 0), deck.length - 1);
      deck.forEach((screen, number) => { screen.hidden = number !== at; });
      fit(deck[at]);
      deck[at].focus({ preventScroll: true });
      place.textContent = `${at + 1} of ${deck.length}`;
      history.replaceState(null, "", `#${idOf(deck[at])}`);
    };
    /* From a question to its answer and back. */
    const turn = () => {
      if (isAnswer(deck[at])) show(at - 1);
      else if (deck[at + 1] && isAnswer(deck[at + 1])) show(at + 1);
    };
    const button = (text, does) => make("button", { type: "button", onclick: does }, text);
    main.after(make("nav", { class: "steer", "aria-label": "Slides" },
      button("Back", () => show(at - 1)), button("Answer", turn), button("Next", () => show(at + 1)),
      place, make("span", { class: "keys" }, "→ on · ← back · A answer · F full screen")));
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("button, input")) return;
      if (ON.includes(event.key)) show(at + 1);
      else if (BACK.includes(event.key)) show(at - 1);
      else if (event.key === "Home") show(0);
      else if (event.key === "End") show(deck.length - 1);
      else if (event.key.toLowerCase() === "a") turn();
      else if (event.key.toLowerCase() === "f") document.documentElement.requestFullscreen?.();
      else return;
      event.preventDefault();
    });
    addEventListener("resize", () => fit(deck[at]));
    show(at);
  });
})();
