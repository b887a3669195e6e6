#include "runtime/data/selection.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "architecture/base/error.hpp"

namespace gensynth::data {
namespace {

bool is_utf8(const std::string& text) {
  try {
    (void)nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

/// Validation classes that training lacks are an error if all classes were requested, since the numbers would be of
/// another task than that of training. Those who choose the first classes get only these.
void drop_foreign_classes(Listing& listing, const std::vector<std::string>& training, const DataSpec& spec,
                          const std::string& source) {
  std::map<std::string, const Entry*> foreign;
  for (const Entry& entry : listing.entries) {
    if (std::find(training.begin(), training.end(), entry.class_name) == training.end()) {
      foreign.emplace(entry.class_name, &entry);
    }
  }
  if (foreign.empty()) return;
  if (spec.classes == 0) {
    throw Error("data " + source + ": validation has " + std::to_string(foreign.size()) +
                " classes that training lacks, such as '" + foreign.begin()->first + "' (" +
                foreign.begin()->second->member +
                "); add them to training or remove them, or set \"classes\" to take " +
                "only the first so many classes of training");
  }
  std::erase_if(listing.entries, [&](const Entry& entry) {
    if (!foreign.contains(entry.class_name)) return false;
    listing.ignore("validation images of classes that training lacks", entry.member);
    return true;
  });
}

}  // namespace

Selection select(const Source& source, const DataSpec& spec) {
  Selection selection;
  Listing listing = source.list();
  std::vector<Entry>& all = listing.entries;
  selection.class_names = source.class_order(all);
  for (const std::string& name : selection.class_names) {
    if (!is_utf8(name)) {
      throw Error("data " + source.identity() + ": the name of class '" + name + "' is no valid UTF-8; rename it");
    }
  }
  const std::size_t available = selection.class_names.size();
  if (available < 2) {
    throw Error("data " + source.identity() + ": " + std::to_string(available) +
                " classes of training images found, expected at least 2");
  }
  const auto wanted = static_cast<std::size_t>(spec.classes);
  if (wanted > available) {
    throw Error("data " + source.identity() + ": " + std::to_string(wanted) + " classes requested, but there are " +
                std::to_string(available));
  }
  drop_foreign_classes(listing, selection.class_names, spec, source.identity());
  if (wanted > 0) selection.class_names.resize(wanted);
  selection.contents.classes = static_cast<int>(selection.class_names.size());
  selection.contents.classes_of_source = static_cast<int>(available);
  selection.contents.ignored = std::move(listing.ignored);
  std::map<std::string, int> label_of;
  for (const std::string& name : selection.class_names) label_of.emplace(name, static_cast<int>(label_of.size()));

  const auto order = [&](const Entry& e) {
    return std::make_tuple(!e.validation, label_of.at(e.class_name), e.member, e.container, e.number);
  };
  std::erase_if(all, [&](const Entry& entry) { return !label_of.contains(entry.class_name); });
  std::sort(all.begin(), all.end(), [&](const Entry& a, const Entry& b) { return order(a) < order(b); });
  std::vector<int> taken(selection.class_names.size(), 0);
  for (Entry& entry : all) {
    const int label = label_of.at(entry.class_name);
    int& count = taken[static_cast<std::size_t>(label)];
    if (!entry.validation && spec.images > 0 && count >= spec.images) {
      ++selection.contents.beyond_limit;
      continue;
    }
    count += entry.validation ? 0 : 1;
    selection.entries.push_back(std::move(entry));
    selection.labels.push_back(label);
  }
  return selection;
}

}  // namespace gensynth::data
