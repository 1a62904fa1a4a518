// Files dropped anywhere on the page, or pasted, go to the form with uploads that is in sight.

const forms = new Set();
let depth = 0;
let veil = null;

/** Let `controller` (element, add(files)) take files of the page. Returns what ends that. */
export function joinPage(controller) {
  if (!forms.size) listen(document.addEventListener.bind(document));
  forms.add(controller);
  return () => {
    forms.delete(controller);
    if (!forms.size) listen(document.removeEventListener.bind(document));
  };
}

function listen(change) {
  change("dragenter", entered);
  change("dragleave", left);
  change("dragover", over);
  change("drop", dropped);
  change("paste", pasted);
}

function receiver() {
  const visible = [...forms].filter(({ element }) => element.checkVisibility());
  return visible.find(({ element }) => element.contains(document.activeElement)) ?? visible[0];
}

function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files") && receiver();
}

function entered(event) {
  if (!hasFiles(event)) return;
  depth += 1;
  if (veil) return;
  veil = document.createElement("div");
  veil.className = "drop-veil";
  veil.textContent = "Drop to attach";
  document.body.append(veil);
}

function left() {
  depth = Math.max(0, depth - 1);
  if (!depth) unveil();
}

function over(event) {
  if (hasFiles(event)) event.preventDefault();
}

function dropped(event) {
  const taker = hasFiles(event);
  unveil();
  if (!taker) return;
  event.preventDefault();
  taker.add([...event.dataTransfer.files]);
}

function pasted(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (event.defaultPrevented || !files.length || event.clipboardData.getData("text/plain")) return;
  const taker = receiver();
  if (!taker) return;
  event.preventDefault();
  taker.add(files);
}

function unveil() {
  depth = 0;
  veil?.remove();
  veil = null;
}
