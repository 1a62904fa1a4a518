import DraftController from "./controllers/draft_controller.js";
import SubmitOnceController from "./controllers/submit_once_controller.js";
import UploadsController from "./controllers/uploads_controller.js";
import "./rich_editor.js";

/** What forms of the portal need. */
export function register(application) {
  application.register("submit-once", SubmitOnceController);
  application.register("uploads", UploadsController);
  application.register("draft", DraftController);
}
