#include "search/command/trained/data_flag.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"

namespace gensynth::command::trained {
namespace {

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool is_archive(const std::string& path) {
  if (std::filesystem::is_directory(path)) return false;
  for (const char* end : {".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.zst", ".tar.bz2"}) {
    if (ends_with(path, end)) return true;
  }
  return false;
}

}  // namespace

nlohmann::json data_of(const std::string& text) {
  if (text == "drawn") return {{"kind", "drawn"}};
  if (!text.empty() && text.front() == '{') return parse_json(text, "--data");
  if (ends_with(text, ".json")) {
    const nlohmann::json file = read_json_file(text);
    return file.is_object() && file.contains("data") ? file["data"] : file;  // a job will do
  }
  return {{"kind", is_archive(text) ? "archive" : "folder"}, {"path", text}};
}

bool names_images(const std::string& text) {
  return text != "drawn" && !text.empty() && text.front() != '{' && !ends_with(text, ".json");
}

}  // namespace gensynth::command::trained
