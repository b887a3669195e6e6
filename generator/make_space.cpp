#include "generator/make_space.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "generator/columnar/columnar_space.hpp"
#include "generator/file_space/file_space.hpp"
#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::generator {
namespace {

using nlohmann::json;

std::string kind_of(const json& value, const std::string& source, const std::string& pointer) {
  return JsonReader(value, source, pointer).choice("kind", {"columnar", "nasbench201", "file"});
}

nasbench201::NasBench201Space::Options nasbench201_options(const json& value, const std::string& source,
                                                           const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  reader.string("kind");
  nasbench201::NasBench201Space::Options options;
  options.px = static_cast<int>(reader.integer("px", 4, 1024, options.px));
  if (options.px % 4 != 0) reader.fail("px", "found " + std::to_string(options.px) + ", expected a multiple of 4");
  options.classes = static_cast<int>(reader.integer("classes", 2, 100'000, options.classes));
  reader.finish();
  return options;
}

struct SpaceFile {
  json content;
  std::string source;
  std::string pointer;
};

/// The content of a user's space: from "path", relative to the file that names it, or inline under "space".
SpaceFile space_file(const json& value, const std::string& source, const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  reader.string("kind");
  const bool inlined = reader.has("space");
  const bool named = reader.has("path");
  reader.finish();
  if (inlined == named) {
    reader.fail(inlined ? "path" : "", "expected either 'path' (a gensynth.space file) or 'space' (its content)");
  }
  if (inlined) return {reader.value("space"), source, reader.at("space")};
  std::filesystem::path path = reader.string("path");
  if (path.is_relative() && std::filesystem::is_regular_file(source)) {
    path = std::filesystem::path(source).parent_path() / path;
  }
  if (!std::filesystem::is_regular_file(path)) reader.fail("path", "'" + path.string() + "' is not a file");
  return {read_json_file(path.string()), path.string(), ""};
}

}  // namespace

std::unique_ptr<space::SearchSpace> make_space(const json& value, const std::string& source,
                                               const std::string& pointer) {
  const std::string kind = kind_of(value, source, pointer);
  if (kind == "columnar") {
    return std::make_unique<columnar::ColumnarSpace>(columnar::options_from_json(value, source, pointer));
  }
  if (kind == "nasbench201") {
    return std::make_unique<nasbench201::NasBench201Space>(nasbench201_options(value, source, pointer));
  }
  const SpaceFile file = space_file(value, source, pointer);
  return std::make_unique<file_space::FileSpace>(file.content, file.source, file.pointer);
}

nlohmann::ordered_json effective_space(const json& value, const std::string& source, const std::string& pointer) {
  const std::string kind = kind_of(value, source, pointer);
  if (kind == "columnar") return columnar::to_json(columnar::options_from_json(value, source, pointer));
  if (kind == "nasbench201") {
    const nasbench201::NasBench201Space::Options options = nasbench201_options(value, source, pointer);
    return {{"kind", "nasbench201"}, {"px", options.px}, {"classes", options.classes}};
  }
  // Inlined, so that a run does not depend on a file elsewhere.
  return {{"kind", "file"}, {"space", space_file(value, source, pointer).content}};
}

}  // namespace gensynth::generator
