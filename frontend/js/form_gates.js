// What must be finished before a form may leave: uploads, a save on its way. One listener for the whole page, in the
// capture phase, so that it comes before htmx and before any controller.

const gates = new WeakMap();
const waiting = new WeakSet();

/**
 * Add a gate to `form`. It is called on submit and returns "pass", "drop", or a promise of whether to go on.
 * Returns the gate's remover.
 */
export function addGate(form, gate) {
  if (!gates.has(form)) gates.set(form, new Set());
  gates.get(form).add(gate);
  return () => gates.get(form)?.delete(gate);
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!gates.has(form)) return;
    if (waiting.has(form)) return stop(event);
    const answers = [...gates.get(form)].map((gate) => gate(event));
    if (answers.includes("drop")) return stop(event);
    const pending = answers.filter((answer) => answer !== "pass");
    if (!pending.length) return;
    stop(event);
    waiting.add(form);
    Promise.all(pending)
      .then((results) => results.every(Boolean))
      .finally(() => waiting.delete(form))
      .then((mayLeave) => mayLeave && form.isConnected && form.requestSubmit(event.submitter));
  },
  true,
);

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
