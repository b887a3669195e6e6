#include "generator/make_space.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <variant>

#include "architecture/base/json_reader.hpp"
#include "generator/columnar/columnar_space.hpp"
#include "generator/file_space/file_space.hpp"
#include "generator/nasbench201/nasbench201_space.hpp"

namespace gensynth::generator {
namespace {

using nlohmann::json;

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

/// Reads a user's space: from "path", relative to the file that names it, or inline under "space".
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

struct SpaceSpec::Content {
  std::variant<columnar::Options, nasbench201::NasBench201Space::Options, SpaceFile> options;
};

SpaceSpec::SpaceSpec() : content_(std::make_shared<const Content>()) {}

const std::vector<std::string>& space_kinds() {
  static const std::vector<std::string> kinds = {"columnar", "nasbench201", "file"};
  return kinds;
}

SpaceSpec space_spec_from_json(const json& value, const std::string& source, const std::string& pointer) {
  const std::string kind = JsonReader(value, source, pointer).choice("kind", space_kinds());
  SpaceSpec::Content content;
  if (kind == "columnar") {
    content.options = columnar::options_from_json(value, source, pointer);
  } else if (kind == "nasbench201") {
    content.options = nasbench201_options(value, source, pointer);
  } else {
    SpaceFile file = space_file(value, source, pointer);
    (void)file_space::FileSpace(file.content, file.source, file.pointer);  // checks all of it
    content.options = std::move(file);
  }
  return SpaceSpec(std::make_shared<const SpaceSpec::Content>(std::move(content)));
}

nlohmann::ordered_json to_json(const SpaceSpec& spec) {
  const auto& options = spec.content().options;
  if (const auto* columnar = std::get_if<columnar::Options>(&options)) return columnar::to_json(*columnar);
  if (const auto* cells = std::get_if<nasbench201::NasBench201Space::Options>(&options)) {
    return {{"kind", "nasbench201"}, {"px", cells->px}, {"classes", cells->classes}};
  }
  // Inlined, so that a run does not depend on a file elsewhere.
  return {{"kind", "file"}, {"space", std::get<SpaceFile>(options).content}};
}

std::unique_ptr<space::SearchSpace> make_space(const SpaceSpec& spec) {
  const auto& options = spec.content().options;
  if (const auto* columnar = std::get_if<columnar::Options>(&options)) {
    return std::make_unique<columnar::ColumnarSpace>(*columnar);
  }
  if (const auto* cells = std::get_if<nasbench201::NasBench201Space::Options>(&options)) {
    return std::make_unique<nasbench201::NasBench201Space>(*cells);
  }
  const SpaceFile& file = std::get<SpaceFile>(options);
  return std::make_unique<file_space::FileSpace>(file.content, file.source, file.pointer);
}

std::unique_ptr<space::SearchSpace> make_space(const json& value, const std::string& source,
                                               const std::string& pointer) {
  return make_space(space_spec_from_json(value, source, pointer));
}

}  // namespace gensynth::generator
