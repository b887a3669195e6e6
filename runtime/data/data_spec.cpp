#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "architecture/base/option.hpp"
#include "runtime/data/dataset.hpp"

namespace gensynth::data {
namespace {

const EnumNames<DataKind> kKindNames = {
    {DataKind::drawn, "drawn"}, {DataKind::folder, "folder"}, {DataKind::archive, "archive"}, {DataKind::idx, "idx"}};
const EnumNames<BadFiles> kBadFilesNames = {{BadFiles::refuse, "refuse"}, {BadFiles::skip, "skip"}};

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

void read_paths(JsonReader& reader, DataSpec& spec) {
  const bool has_path = reader.has("path");
  if (spec.kind == DataKind::drawn && has_path) reader.fail("path", "not used by kind 'drawn', which reads no files");
  if (spec.kind != DataKind::drawn && !has_path)
    reader.fail("path", std::string("missing: kind '") + to_string(spec.kind) + "' reads files from it");
  if (has_path) spec.paths = paths_from_json(reader);
  if (spec.kind == DataKind::folder && spec.paths.size() != 1) reader.fail("path", "kind 'folder' takes one path");
}

void write_paths(const DataSpec& spec, nlohmann::ordered_json& result) {
  if (spec.paths.size() == 1) {
    result["path"] = spec.paths[0];
  } else if (!spec.paths.empty()) {
    result["path"] = spec.paths;
  }
}

OptionList<DataSpec> declare() {
  constexpr double kMany = 1e9;
  OptionList<DataSpec> options;
  options.add_enum("kind", &DataSpec::kind, kKindNames, "where images come from, below").after = [](JsonReader&,
                                                                                                    void* spec) {
    auto& data = *static_cast<DataSpec*>(spec);
    if (data.kind != DataKind::drawn) data.classes = 0;
  };
  auto& path = options.custom("path", "file or folder, or a list of files; relative to the job's file", R"({
      "oneOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}
      ]
    })",
                              read_paths, write_paths);
  path.shown_default = "required";
  path.shown_values = "nothing for `drawn`";
  options.add("px", &DataSpec::px, between(8, 1024), "images are brought to px x px");
  auto& classes = options.add("classes", &DataSpec::classes, between(0, kMany),
                              "the first so many classes, in sorted order; 0 = all (10 for `drawn`)");
  classes.shown_default = "10 for `drawn`, else 0";
  classes.shown_values = "0, or 2 and more";
  classes.schema = R"({"not": {"const": 1}})";
  classes.after = [](JsonReader& reader, void* spec) {
    if (static_cast<const DataSpec*>(spec)->classes == 1) {
      reader.fail("classes", "1 class leaves nothing to learn, expected at least 2, or 0 for all");
    }
  };
  options.add("images", &DataSpec::images, between(0, kMany),
              "training images of each class at most; 0 = all (400 for `drawn`)");
  options.add("holdout", &DataSpec::holdout, between(0, 0.9),
              "share of the training set that proxy accuracy is measured on");
  options.add("seed", &DataSpec::seed, at_least(0), "seed of the hold-out, and of what is drawn");
  options.add_enum("bad_files", &DataSpec::bad_files, kBadFilesNames,
                   "what becomes of image files that cannot be read: all are listed as an error, or left out and "
                   "reported");
  options.add("bad_files_limit", &DataSpec::bad_files_limit, between(0, 1),
              "share of the images that `skip` leaves out at most; more are an error");
  options.object_schema = R"({
    "if": {"required": ["kind"], "properties": {"kind": {"enum": ["folder", "archive", "idx"]}}},
    "then": {"required": ["path"]},
    "else": {"not": {"required": ["path"]}}
  })";
  return options;
}

}  // namespace

const char* to_string(DataKind kind) { return enum_name(kKindNames, kind).c_str(); }

const OptionList<DataSpec>& data_options() {
  static const OptionList<DataSpec> options = declare();
  return options;
}

DataSpec data_spec_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer) {
  return data_options().read(value, source, pointer);
}

nlohmann::ordered_json to_json(const DataSpec& spec) { return data_options().write(spec); }

}  // namespace gensynth::data
