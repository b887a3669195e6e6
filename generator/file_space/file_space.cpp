#include "generator/file_space/file_space.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "architecture/base/error.hpp"
#include "architecture/serialize.hpp"

namespace gensynth::file_space {
namespace {

using file_space::Choice;
using file_space::Item;
using file_space::SpaceFile;
using nlohmann::json;

/// Goes through a file from top to bottom, asks its choices and, when building, adds the vertices.
class Expansion {
 public:
  Expansion(const SpaceFile& file, const std::string& source, space::Chooser& chooser, bool building)
      : file_(file), source_(source), chooser_(chooser), building_(building), shared_(file.choices.size(), -1) {}

  /// An architecture's JSON when building, else null.
  json run() {
    json input = file_.input_choice < 0 ? file_.input : choose(file_.input_choice, "");
    Scope top{{}, nullptr};
    if (building_) top.ids.emplace("input", "input");  // overwritten by an input vertex under another name
    expand(file_.items, top, "");
    if (!building_) return nullptr;
    const std::string output = find(top, file_.output, "/output");
    return {{"format", "gensynth.architecture"}, {"version", 1},     {"name", file_.name},
            {"input", std::move(input)},         {"output", output}, {"vertices", reaching(output)}};
  }

 private:
  struct Scope {
    std::unordered_map<std::string, std::string> ids;  ///< as written -> as built
    const Scope* outer;
  };

  const json& choose(int index, const std::string& prefix) {
    const Choice& choice = file_.choices[static_cast<std::size_t>(index)];
    int& known = shared_[static_cast<std::size_t>(index)];
    int answer = choice.shared ? known : -1;
    if (answer < 0 && choice.values.size() == 1) answer = 0;
    if (answer < 0) {
      // The stars in the name of a choice at a vertex are replaced by the numbers of the repetitions around it.
      const std::size_t own = choice.name.rfind("*.") == std::string::npos ? 0 : choice.name.rfind("*.") + 2;
      decision_.name = choice.shared ? choice.name : prefix + choice.name.substr(own);
      decision_.choices = static_cast<int>(choice.values.size());
      decision_.ordinal = choice.ordinal;
      answer = chooser_.choose(decision_);
    }
    if (choice.shared) known = answer;
    return choice.values.at(static_cast<std::size_t>(answer));
  }

  void expand(const std::vector<Item>& items, Scope& scope, const std::string& prefix) {
    for (const Item& item : items) {
      if (item.group) {
        expand_group(item, scope, prefix);
      } else {
        expand_vertex(item, scope, prefix);
      }
    }
  }

  void expand_group(const Item& item, Scope& scope, const std::string& prefix) {
    const int count = item.repeat_choice < 0 ? item.repeat : choose(item.repeat_choice, prefix).get<int>();
    std::string previous = building_ ? find(scope, item.input, item.pointer + "/input") : "";
    for (int i = 1; i <= count; ++i) {
      Scope inner{{{"previous", previous}}, &scope};
      expand(item.items, inner, prefix + item.id + "." + std::to_string(i) + ".");
      if (building_) previous = find(inner, item.output, item.pointer + "/output");
    }
    scope.ids.emplace(item.id, previous);
  }

  void expand_vertex(const Item& item, Scope& scope, const std::string& prefix) {
    if (!building_) {
      for (const auto& [key, index] : item.chosen) choose(index, prefix);
      return;
    }
    json vertex = item.fixed;
    for (const auto& [key, index] : item.chosen) {
      const json& value = choose(index, prefix);
      if (key == "with") {
        vertex.update(value);
      } else {
        vertex[key] = value;
      }
    }
    vertex["id"] = prefix + item.id;
    if (vertex.contains("inputs") && vertex["inputs"].is_array()) {
      for (json& name : vertex["inputs"]) {
        if (name.is_string()) name = find(scope, name.get<std::string>(), item.pointer + "/inputs");
      }
    }
    scope.ids.insert_or_assign(item.id, prefix + item.id);
    vertices_.push_back(std::move(vertex));
  }

  std::string find(const Scope& scope, const std::string& name, const std::string& pointer) const {
    std::vector<std::string> known;
    for (const Scope* s = &scope; s != nullptr; s = s->outer) {
      if (const auto found = s->ids.find(name); found != s->ids.end()) return found->second;
      for (const auto& [id, built] : s->ids) known.push_back(id);
    }
    throw Error(source_ + ": " + pointer + ": '" + name + "' is not a vertex or group above" + suggestion(name, known));
  }

  /// The vertices on a path to the output: which inputs are read may be chosen.
  json reaching(const std::string& output) {
    std::unordered_map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < vertices_.size(); ++i) index.emplace(vertices_[i]["id"].get<std::string>(), i);
    std::vector<std::string> open{output};
    std::unordered_set<std::string> reached{output};
    while (!open.empty()) {
      const auto found = index.find(open.back());
      open.pop_back();
      if (found == index.end()) continue;
      const json& vertex = vertices_[found->second];
      if (!vertex.contains("inputs") || !vertex["inputs"].is_array()) continue;
      for (const json& name : vertex["inputs"]) {
        if (name.is_string() && reached.insert(name.get<std::string>()).second) open.push_back(name.get<std::string>());
      }
    }
    json kept = json::array();
    for (json& vertex : vertices_) {
      if (reached.count(vertex["id"].get<std::string>()) > 0) kept.push_back(std::move(vertex));
    }
    return kept;
  }

  const SpaceFile& file_;
  const std::string& source_;
  space::Chooser& chooser_;
  bool building_;
  std::vector<int> shared_;  ///< answers to table choices, -1 = not asked yet
  std::vector<json> vertices_;
  space::Decision decision_;
};

/// log10 of the number of answers to the choices at vertices, for one pass through `items`.
double log10_ways(const SpaceFile& file, const std::vector<Item>& items) {
  double sum = 0;
  const auto values = [&](int index) -> const Choice& { return file.choices[static_cast<std::size_t>(index)]; };
  for (const Item& item : items) {
    for (const auto& [key, index] : item.chosen) {
      if (!values(index).shared) sum += std::log10(static_cast<double>(values(index).values.size()));
    }
    if (!item.group) continue;
    const double body = log10_ways(file, item.items);
    if (item.repeat_choice < 0) {
      sum += item.repeat * body;
      continue;
    }
    // A repetition count chosen at the group: the sum over its values. One from the table is counted there: its
    // maximum.
    double most = 0;
    double ways = 0;
    for (const json& count : values(item.repeat_choice).values) most = std::max(most, count.get<int>() * body);
    for (const json& count : values(item.repeat_choice).values) ways += std::pow(10, count.get<int>() * body - most);
    sum += most + (values(item.repeat_choice).shared ? 0 : std::log10(ways));
  }
  return sum;
}

std::string value_text(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

}  // namespace

FileSpace::FileSpace(const json& value, const std::string& source, const std::string& pointer)
    : file_(file_space::parse_space_file(value, source, pointer)), source_(source) {
  constexpr int kRandomTrials = 32;
  constexpr std::size_t kMostNeighbours = 500;
  Rng rng(derive_seed(0, 0, "trying out a space"));
  space::Genotype first = repair(space::Genotype(4096, 0), rng);
  try_out(first);
  std::vector<space::Genotype> others = neighbours(first);
  if (others.size() > kMostNeighbours) others.resize(kMostNeighbours);
  for (int i = 0; i < kRandomTrials; ++i) others.push_back(sample(rng));
  for (const space::Genotype& genotype : others) try_out(genotype);
}

void FileSpace::try_out(const space::Genotype& genotype) const {
  try {
    build(genotype);
  } catch (const Error& error) {
    std::string answers;
    const std::vector<space::Decision> asked = decisions(genotype);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      answers += (answers.empty() ? "" : ", ") + asked[i].name + " = " + label(asked[i], genotype[i]);
    }
    throw Error(std::string(error.what()) + (answers.empty() ? "" : " (with " + answers + ")"));
  }
}

void FileSpace::walk(space::Chooser& chooser) const { Expansion(file_, source_, chooser, false).run(); }

Architecture FileSpace::build(const space::Genotype& genotype) const {
  space::GenotypeChooser chooser(genotype, file_.name);
  const json network = Expansion(file_, source_, chooser, true).run();
  chooser.finish();
  return architecture_from_json(network, source_);
}

std::string FileSpace::label(const space::Decision& decision, int choice) const {
  const auto found = file_.by_name.find(file_space::canonical_name(decision.name));
  if (found == file_.by_name.end()) {
    throw Error("space '" + file_.name + "': it has no decision '" + decision.name + "'");
  }
  const std::vector<json>& values = file_.choices[static_cast<std::size_t>(found->second)].values;
  if (choice < 0 || choice >= static_cast<int>(values.size())) {
    throw Error("space '" + file_.name + "': choice " + std::to_string(choice) + " of '" + decision.name +
                "', expected 0 to " + std::to_string(values.size() - 1));
  }
  return value_text(values[static_cast<std::size_t>(choice)]);
}

double FileSpace::log10_size() const {
  double sum = log10_ways(file_, file_.items);
  for (std::size_t i = 0; i < file_.choices.size(); ++i) {
    const bool counted = file_.choices[i].shared || static_cast<int>(i) == file_.input_choice;
    if (counted) sum += std::log10(static_cast<double>(file_.choices[i].values.size()));
  }
  return sum;
}

}  // namespace gensynth::file_space
