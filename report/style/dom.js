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

  /* What a script does to the page, in tasks of their own once the text is there: between two of them
     the browser may draw, and answer the reader. The last one says so. */
  const tasks = [];
  const ready = (...some) => tasks.push(...some);
  const done = () => document.documentElement.classList.add("ready");
  document.addEventListener("DOMContentLoaded", () => [...tasks, done].forEach((task) => setTimeout(task)));

  /* Between two steps the browser may draw, and answer the reader. */
  const pause = () => new Promise((go) => { setTimeout(go); });

  /* The text that an element of the page holds packed. */
  async function unpack(element) {
    const text = atob(JSON.parse(element.textContent));
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
    await pause();
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }

  /* A spreadsheet must take a text as text, never as a formula. */
  const unformulated = (text) => (/^[=+@\t\r]|^-(?![\d.]+$)/.test(text) ? `'${text}` : text);

  return { ready, pause, unpack, save, unformulated, make, all, textOf, byHash, escaped, LETTER };
})();
