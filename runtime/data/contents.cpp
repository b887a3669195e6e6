#include "runtime/data/contents.hpp"

#include <climits>
#include <nlohmann/json.hpp>

#include "architecture/base/joined.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth::data {
namespace {

std::string counted(std::int64_t count, const std::string& what) { return std::to_string(count) + " " + what; }

void add(std::vector<std::string>& parts, std::int64_t count, const std::string& what) {
  if (count > 0) parts.push_back(counted(count, what));
}

}  // namespace

std::string to_string(const Contents& contents) {
  std::string text = std::to_string(contents.classes);
  if (contents.classes_of_source > contents.classes) text += " of " + std::to_string(contents.classes_of_source);
  text += " classes; " + std::to_string(contents.train) + " training, " + std::to_string(contents.holdout) +
          " hold-out, " + std::to_string(contents.validation) + " validation images";
  std::vector<std::string> parts;
  add(parts, contents.copies_within_class, "copies within a class");
  add(parts, contents.copies_across_classes, "copies of images of other classes");
  add(parts, contents.copies_across_splits, "training images that are validation images too");
  add(parts, contents.beyond_limit, "beyond \"images\" of each class");
  add(parts, static_cast<std::int64_t>(contents.bad_files.size()), "bad files");
  if (!contents.bad_files.empty()) parts.back() += " (" + contents.bad_files.front() + ")";
  if (!parts.empty()) text += "; left out: " + joined(parts);
  parts.clear();
  for (const Ignored& one : contents.ignored)
    parts.push_back(counted(one.count, one.reason + " (" + one.example + ")"));
  if (!parts.empty()) text += "; ignored: " + joined(parts);
  if (contents.classes_without_holdout > 0 && contents.holdout > 0) {
    text += "; " + std::to_string(contents.classes_without_holdout) + " classes are too small to hold an image out";
  }
  return text;
}

nlohmann::ordered_json to_json(const Contents& contents) {
  nlohmann::ordered_json ignored = nlohmann::ordered_json::array();
  for (const Ignored& one : contents.ignored) {
    ignored.push_back({{"reason", one.reason}, {"count", one.count}, {"example", one.example}});
  }
  return {{"classes", contents.classes},
          {"classes_of_source", contents.classes_of_source},
          {"train", contents.train},
          {"holdout", contents.holdout},
          {"validation", contents.validation},
          {"copies_within_class", contents.copies_within_class},
          {"copies_across_classes", contents.copies_across_classes},
          {"copies_across_splits", contents.copies_across_splits},
          {"beyond_limit", contents.beyond_limit},
          {"classes_without_holdout", contents.classes_without_holdout},
          {"ignored", std::move(ignored)},
          {"bad_files", contents.bad_files}};
}

Contents contents_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  const auto count = [&](const char* key) { return reader.integer(key, 0, INT64_MAX); };
  Contents contents;
  contents.classes = static_cast<int>(reader.integer("classes", 0, INT_MAX));
  contents.classes_of_source = static_cast<int>(reader.integer("classes_of_source", 0, INT_MAX));
  contents.train = count("train");
  contents.holdout = count("holdout");
  contents.validation = count("validation");
  contents.copies_within_class = count("copies_within_class");
  contents.copies_across_classes = count("copies_across_classes");
  contents.copies_across_splits = count("copies_across_splits");
  contents.beyond_limit = count("beyond_limit");
  contents.classes_without_holdout = static_cast<int>(reader.integer("classes_without_holdout", 0, INT_MAX));
  for (std::size_t i = 0; i < reader.array("ignored").size(); ++i) {
    JsonReader one(reader.array("ignored")[i], source, reader.at("ignored") + "/" + std::to_string(i));
    contents.ignored.push_back({one.string("reason"), one.integer("count", 1, INT64_MAX), one.string("example")});
    one.finish();
  }
  for (const nlohmann::json& bad : reader.array("bad_files")) {
    if (!bad.is_string()) reader.fail("bad_files", "expected texts");
    contents.bad_files.push_back(bad.get<std::string>());
  }
  reader.finish();
  return contents;
}

}  // namespace gensynth::data
