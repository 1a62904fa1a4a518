import "../../css/later/dialogs.css";
import "../../css/later/editor.css";
import { Editor, Extension } from "@tiptap/core";
import Image from "@tiptap/extension-image";
import { Placeholder } from "@tiptap/extensions";
import StarterKit from "@tiptap/starter-kit";
import { askForLink } from "./link_dialog.js";
import { mentions } from "./mentions.js";

/**
 * Make an editor inside `host`. Options: json and text (what it begins with; text when json is empty), label,
 * describedBy, placeholder, mentionsUrl, onChange(text, json), onState(isActive), onFiles(files).
 */
export function createEditor(host, options) {
  const takeFiles = (transfer) => {
    if (!transfer?.files?.length) return false;
    options.onFiles([...transfer.files]);
    return true;
  };
  return new Editor({
    element: host,
    injectCSS: false,
    content: initialContent(options),
    extensions: [
      StarterKit.configure({
        heading: { levels: [3] },
        link: { openOnClick: false, autolink: true, defaultProtocol: "https" },
        trailingNode: false,
      }),
      Image,
      Placeholder.configure({ placeholder: options.placeholder }),
      ...(options.mentionsUrl ? [mentions(options.mentionsUrl)] : []),
      DeskCommands,
    ],
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": options.label ?? "Message",
        ...(options.describedBy ? { "aria-describedby": options.describedBy } : {}),
      },
      // A picture copied from an office program comes with text too; then the text is what was meant.
      handlePaste: (_view, event) => !event.clipboardData?.getData("text/plain") && takeFiles(event.clipboardData),
      // The page takes dropped files; the editor must only not open them itself.
      handleDrop: (_view, event) => Boolean(event.dataTransfer?.files?.length),
    },
    onUpdate: ({ editor }) => options.onChange(plainText(editor), editor.isEmpty ? "" : JSON.stringify(editor.getJSON())),
    onTransaction: ({ editor }) => options.onState((command) => editor.isActive(NODES[command] ?? command)),
  });
}

const NODES = { "bullet-list": "bulletList", "ordered-list": "orderedList", quote: "blockquote" };
const TOOLBAR = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  code: (chain) => chain.toggleCode(),
  "bullet-list": (chain) => chain.toggleBulletList(),
  "ordered-list": (chain) => chain.toggleOrderedList(),
  quote: (chain) => chain.toggleBlockquote(),
};
const PICTURE_ADDRESS = /^\/files\/[\w-]{22}$/;

const DeskCommands = Extension.create({
  name: "deskCommands",
  addCommands() {
    return {
      toolbar:
        (name) =>
        ({ editor, chain }) => {
          if (name === "link") return void askForLink(editor) ?? true;
          return TOOLBAR[name]?.(chain().focus()).run() ?? false;
        },
      load:
        (content) =>
        ({ commands }) =>
          commands.setContent(initialContent(content), { emitUpdate: false }),
      insertPicture:
        ({ url, name, content_type: type }) =>
        ({ chain }) =>
          type?.startsWith("image/") && PICTURE_ADDRESS.test(url)
            ? chain().insertContent({ type: "image", attrs: { src: `${url}/inline`, alt: name } }).run()
            : false,
      removePicture:
        (url) =>
        ({ state, tr, dispatch }) => {
          const places = [];
          state.doc.descendants((node, position) => void (node.attrs.src === `${url}/inline` && places.push([position, node.nodeSize])));
          if (dispatch) for (const [position, size] of places.reverse()) tr.delete(position, position + size);
          return places.length > 0;
        },
    };
  },
});

function initialContent({ json, text }) {
  try {
    if (json) return JSON.parse(json);
  } catch {
    // A document that cannot be read is no loss: its text stands beside it.
  }
  const paragraphs = (text ?? "").replace(/\r\n?/g, "\n").split(/\n\s*\n/);
  return { type: "doc", content: paragraphs.map(paragraph) };
}

function paragraph(text) {
  const content = [];
  text.split("\n").forEach((line, index) => {
    if (index) content.push({ type: "hardBreak" });
    if (line) content.push({ type: "text", text: line });
  });
  return { type: "paragraph", content };
}

function plainText(editor) {
  return editor.getText({ blockSeparator: "\n\n" });
}
