/** What every page may hold. A page with a player loads that module itself. */
import "beatsight/elements/drop-zone";
import "beatsight/elements/identify-form";
import "beatsight/elements/job-progress";
import "beatsight/elements/make-map";
import "beatsight/elements/upload-steps";
