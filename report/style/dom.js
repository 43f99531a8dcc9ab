"use strict";
/* What the scripts of a page share. */
const dom = (() => {
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
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const LETTER = "[\\p{L}\\p{N}]";

  function save(name, kind, text) {
    const url = URL.createObjectURL(new Blob([text], { type: kind }));
    const link = make("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  /* A spreadsheet must take a text as text, never as a formula. */
  const unformulated = (text) => (/^[=+@\t\r]|^-(?![\d.]+$)/.test(text) ? `'${text}` : text);

  return { save, unformulated, make, all, textOf, byHash, escaped, LETTER };
})();
