#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace gensynth::report::html {

/// The viewer with a document in it: a page that opens from a file and loads nothing else. The document's text cannot
/// end the element that it stands in.
std::string page_with_data(const nlohmann::ordered_json& document);

/// The viewer for a server: it fetches its document, and again whenever the server says that it has changed.
std::string live_page();

/// The text of a JSON document for a script element: "<", U+2028 and U+2029 are written as escapes.
std::string script_safe(const std::string& json);

}  // namespace gensynth::report::html
