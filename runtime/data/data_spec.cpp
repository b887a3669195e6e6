#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "runtime/data/dataset.hpp"

namespace gensynth::data {
namespace {

std::vector<std::string> paths_from_json(JsonReader& reader) {
  const nlohmann::json& value = reader.value("path");
  if (value.is_string() && !value.get_ref<const std::string&>().empty()) return {value.get<std::string>()};
  if (!value.is_array() || value.empty()) reader.fail("path", "expected a path or a list of paths");
  std::vector<std::string> paths;
  for (const nlohmann::json& path : value) {
    if (!path.is_string() || path.get_ref<const std::string&>().empty()) {
      reader.fail("path", "expected a path or a list of paths");
    }
    paths.push_back(path.get<std::string>());
  }
  return paths;
}

}  // namespace

DataSpec data_spec_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer) {
  constexpr std::int64_t kMany = 1'000'000'000;
  JsonReader reader(value, source, pointer);
  DataSpec spec;
  spec.kind = reader.choice("kind", {"drawn", "folder", "archive", "idx"}, spec.kind);
  const bool has_path = reader.has("path");
  if (spec.kind == "drawn" && has_path) reader.fail("path", "not used by kind 'drawn', which reads no files");
  if (spec.kind != "drawn" && !has_path) reader.fail("path", "missing: kind '" + spec.kind + "' reads files from it");
  if (has_path) spec.paths = paths_from_json(reader);
  if (spec.kind == "folder" && spec.paths.size() != 1) reader.fail("path", "kind 'folder' takes one path");
  spec.px = static_cast<int>(reader.integer("px", 8, 1024, spec.px));
  spec.classes = static_cast<int>(reader.integer("classes", 0, kMany, spec.classes));
  if (spec.classes == 1) reader.fail("classes", "1 class leaves nothing to learn, expected at least 2, or 0 for all");
  spec.images = static_cast<int>(reader.integer("images", 0, kMany, spec.images));
  spec.holdout = reader.number("holdout", 0.0, 0.9, spec.holdout);
  spec.seed = static_cast<std::uint64_t>(
      reader.integer("seed", 0, std::numeric_limits<std::int64_t>::max(), static_cast<std::int64_t>(spec.seed)));
  reader.finish();
  return spec;
}

nlohmann::ordered_json to_json(const DataSpec& spec) {
  nlohmann::ordered_json json{{"kind", spec.kind}};
  if (spec.paths.size() == 1) {
    json["path"] = spec.paths[0];
  } else if (!spec.paths.empty()) {
    json["path"] = spec.paths;
  }
  json["px"] = spec.px;
  json["classes"] = spec.classes;
  json["images"] = spec.images;
  json["holdout"] = spec.holdout;
  json["seed"] = spec.seed;
  return json;
}

}  // namespace gensynth::data
