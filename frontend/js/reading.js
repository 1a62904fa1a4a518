import "../css/later/dialogs.css";
import DialogController from "./controllers/dialog_controller.js";
import FrameHeightController from "./controllers/frame_height_controller.js";
import LightboxController from "./controllers/lightbox_controller.js";
import LiveController from "./controllers/live_controller.js";
import PreviewController from "./controllers/preview_controller.js";

/** What pages with conversations and dialogs need. */
export function register(application) {
  application.register("dialog", DialogController);
  application.register("frame-height", FrameHeightController);
  application.register("lightbox", LightboxController);
  application.register("live", LiveController);
  application.register("preview", PreviewController);
}
