// Counts the characters that are left for the message.

const counter = document.querySelector("[data-counter]");
const message = counter && document.getElementById(counter.dataset.counter);
if (message) {
  const count = () => {
    const left = Number(counter.dataset.limit) - message.value.length;
    counter.textContent = `${left} character${left === 1 ? "" : "s"} left.`;
  };
  message.addEventListener("input", count);
  count();
}
