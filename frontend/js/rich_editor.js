/**
 * <rich-editor>: a textarea that becomes an editor on first hover or focus. The editor's own code is loaded then.
 * It keeps the textarea (plain text) and the hidden data-editor-document input (ProseMirror JSON) current, and tells
 * of every change by an `input` event on the textarea. Without scripts, or if the editor cannot be loaded, the
 * textarea is all there is.
 */
export class RichEditor extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector("textarea");
    this.documentInput = this.querySelector("[data-editor-document]");
    if (!this.area || this.editor) return;
    const boot = () => this.boot();
    this.addEventListener("pointerenter", boot, { once: true });
    this.addEventListener("focusin", boot, { once: true });
    this.area.addEventListener("input", this.typedPlainly);
    this.form = this.closest("form");
    this.form?.addEventListener("click", this.command);
    this.form?.addEventListener("reset", this.clear);
    this.form?.addEventListener("uploads:removed", this.pictureRemoved);
    this.form?.addEventListener("draft:restored", this.load);
  }

  disconnectedCallback() {
    this.area?.removeEventListener("input", this.typedPlainly);
    this.form?.removeEventListener("click", this.command);
    this.form?.removeEventListener("reset", this.clear);
    this.form?.removeEventListener("uploads:removed", this.pictureRemoved);
    this.form?.removeEventListener("draft:restored", this.load);
    // An element that only moves is connected again before this runs.
    queueMicrotask(() => this.isConnected || this.unmount());
  }

  /** Turn into the editor, once. Returns when that is done, or has failed and the textarea stays. */
  boot() {
    this.booting ??= import("./editor/editor.js").then(
      ({ createEditor }) => this.isConnected && this.mount(createEditor),
      () => (this.booting = null),
    );
    return this.booting;
  }

  async focus() {
    this.area.focus();
    await this.boot();
    if (this.editor) this.takeFocus();
  }

  // At once: Tiptap's own command waits for the next frame, and letters typed until then would be lost.
  takeFocus() {
    this.editor.commands.setTextSelection(this.editor.state.doc.content.size);
    this.editor.view.focus();
  }

  // What was typed while the editor was on its way is in the textarea by now, and is what it begins with.
  mount(createEditor) {
    const hadFocus = this.contains(document.activeElement);
    this.host = document.createElement("div");
    this.editor = createEditor(this.host, {
      ...this.content(),
      label: this.area.getAttribute("aria-label"),
      describedBy: this.area.getAttribute("aria-describedby"),
      placeholder: this.getAttribute("placeholder") ?? "",
      mentionsUrl: this.getAttribute("mentions-url"),
      onChange: (text, json) => this.changed(text, json),
      onState: (isActive) => this.showState(isActive),
      onFiles: (files) => this.handOver(files),
    });
    this.area.hidden = true;
    this.append(this.host);
    if (hadFocus) this.takeFocus();
  }

  unmount() {
    this.editor?.destroy();
    this.host?.remove();
    if (this.area) this.area.hidden = false;
    this.editor = this.booting = null;
  }

  content() {
    return { json: this.documentInput?.value || "", text: this.area.value };
  }

  changed(text, json) {
    this.area.value = text;
    if (this.documentInput) this.documentInput.value = json;
    this.fromEditor = true;
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    this.fromEditor = false;
  }

  handOver(files) {
    const insert = (file) => this.editor?.commands.insertPicture(file);
    this.dispatchEvent(new CustomEvent("uploads:add", { bubbles: true, detail: { files, insert } }));
  }

  showState(isActive) {
    for (const button of this.form?.querySelectorAll("[data-editor-command]") ?? []) {
      button.setAttribute("aria-pressed", String(isActive(button.dataset.editorCommand)));
    }
  }

  // Plain typing makes the stored document stale.
  typedPlainly = () => {
    if (!this.fromEditor && this.documentInput) this.documentInput.value = "";
  };

  command = async (event) => {
    const button = event.target.closest?.("[data-editor-command]");
    if (!button) return;
    await this.boot();
    this.editor?.commands.toolbar(button.dataset.editorCommand);
  };

  clear = () => queueMicrotask(() => this.load());

  /** Show what the textarea and the document input hold now, without telling it as a change. */
  load = () => this.editor?.commands.load(this.content());

  pictureRemoved = (event) => this.editor?.commands.removePicture(event.detail.url);
}

customElements.define("rich-editor", RichEditor);
