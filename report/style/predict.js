"use strict";
/* Counting choices as an exercise: what a choice concludes is shown once the reader has predicted
   which conclusions it turns. */
(() => {
  const { ready, make, all, textOf } = dom;

  function addPrediction(box) {
    const widget = box.querySelector("div.choices");
    const list = widget.querySelector("ul");
    const said = make("p", { role: "status", class: "said" });
    const boxes = [...list.children].map((item) => {
      const input = make("input", { type: "checkbox" });
      return { input, label: make("label", {}, input, ` ${textOf(item.querySelector("b"))}`) };
    });
    const look = () => {
      list.hidden = false;
      const right = boxes.filter(({ input }, at) =>
        input.checked === list.children[at].classList.contains("turned")).length;
      said.textContent = `${right} of ${boxes.length} as you predicted.`;
    };
    const form = make("div", {}, make("fieldset", {},
      make("legend", {}, "Predict: which conclusions does this choice turn?"),
      ...boxes.map(({ label }) => label)),
    make("div", { class: "check" }, make("button", { type: "button", onclick: look }, "Show"), said));
    const ask = () => {
      list.hidden = true;
      said.textContent = "";
      boxes.forEach(({ input }) => { input.checked = false; });
    };
    widget.addEventListener("change", (event) => { if (event.target.type === "radio") ask(); });
    list.before(make("div", { class: "foretold" }, form));
    form.after(list);
    const [, second] = all("input[type=radio]", widget);
    if (second) second.click();
    box.prepend(widget);
  }

  ready(() => all(".predict").forEach(addPrediction));
})();
