// Count the characters left for the message.

import { said } from "./sentences.js";

const counter = document.querySelector("[data-counter]");
const message = counter && document.getElementById(counter.dataset.counter);
if (message) {
  const count = () => {
    const left = Number(counter.dataset.limit) - message.value.length;
    counter.textContent = said("charactersLeft", { count: left });
  };
  message.addEventListener("input", count);
  count();
}
