/** Ask for an address and make the selection a link to it; an empty address takes the link away. */
export function askForLink(editor) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", "Link");
  const form = document.createElement("form");
  form.method = "dialog";
  const label = document.createElement("label");
  label.className = "label";
  label.textContent = "Address of the link";
  const input = document.createElement("input");
  input.className = "input";
  input.type = "text";
  input.inputMode = "url";
  input.autocomplete = "off";
  input.placeholder = "https://";
  input.value = editor.getAttributes("link").href ?? "";
  const row = document.createElement("div");
  row.className = "mt-4 flex justify-end gap-2";
  row.append(button("Cancel", "btn-ghost", "cancel"), button("Set link", "btn-accent", "set"));
  label.append(input);
  form.append(label, row);
  dialog.append(form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "set") setLink(editor, input.value.trim());
    editor.commands.focus();
  });
  // Enter means the second button, not the first one in the form.
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    dialog.close("set");
  });
  document.body.append(dialog);
  dialog.showModal();
}

function setLink(editor, address) {
  const chain = editor.chain().focus().extendMarkRange("link");
  if (!address) return chain.unsetLink().run();
  const href = /^[a-z][a-z+.-]*:/i.test(address) ? address : `https://${address}`;
  if (!/^(https?:\/\/|mailto:|tel:)\S+$/i.test(href)) return false;
  if (editor.state.selection.empty && !editor.isActive("link")) {
    return chain.insertContent({ type: "text", text: address, marks: [{ type: "link", attrs: { href } }] }).run();
  }
  return chain.setLink({ href }).run();
}

function button(text, look, value) {
  const element = document.createElement("button");
  element.className = `btn ${look}`;
  element.value = value;
  element.textContent = text;
  return element;
}
