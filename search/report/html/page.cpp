#include "search/report/html/page.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

#include "architecture/base/error.hpp"

namespace gensynth::embedded {
extern const std::string_view viewer_html;
}

namespace gensynth::report::html {
namespace {

/// Where the viewer's page has its data (search/report/viewer/index.html).
constexpr std::string_view kPlace = R"(<script id="report-data" type="application/json">null</script>)";
constexpr std::string_view kBegin = R"(<script id="report-data" type="application/json">)";
constexpr std::string_view kEnd = "</script>";

}  // namespace

std::string script_safe(const std::string& json) {
  constexpr std::string_view kSeparator = "\xE2\x80";  // the first bytes of U+2028 and U+2029
  std::string result;
  result.reserve(json.size() + json.size() / 64);
  for (std::size_t i = 0; i < json.size(); ++i) {
    const bool separates =
        json.compare(i, 2, kSeparator) == 0 && i + 2 < json.size() && (json[i + 2] == '\xA8' || json[i + 2] == '\xA9');
    if (json[i] == '<') {
      result += "\\u003c";
    } else if (separates) {
      result += json[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      result += json[i];
    }
  }
  return result;
}

std::string live_page() {
  // Unlike a page from a file, this one talks to the server that it came from.
  constexpr std::string_view kPolicy = "; base-uri 'none'";
  std::string page = page_with_data({{"format", "gensynth.live"}, {"version", 1}});
  const std::size_t place = page.find(kPolicy);
  if (place == std::string::npos) throw Error("the viewer has no content security policy", ErrorKind::internal);
  return page.insert(place, "; connect-src 'self'");
}

std::string page_with_data(const nlohmann::ordered_json& document) {
  const std::string_view viewer = embedded::viewer_html;
  const std::size_t place = viewer.find(kPlace);
  if (place == std::string_view::npos) throw Error("the viewer has no place for data", ErrorKind::internal);
  std::string page(viewer.substr(0, place));
  page += kBegin;
  page += script_safe(document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  page += kEnd;
  page += viewer.substr(place + kPlace.size());
  return page;
}

}  // namespace gensynth::report::html
