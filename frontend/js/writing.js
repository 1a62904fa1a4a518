import "../css/later/uploads.css";
import DraftController from "./controllers/draft_controller.js";
import SubmitOnceController from "./controllers/submit_once_controller.js";
import TimeEntryController from "./controllers/time_entry_controller.js";
import UploadsController from "./controllers/uploads_controller.js";
import "./rich_editor.js";

/** What forms need that people write in. */
export function register(application) {
  application.register("submit-once", SubmitOnceController);
  application.register("uploads", UploadsController);
  application.register("time-entry", TimeEntryController);
  application.register("draft", DraftController);
}
