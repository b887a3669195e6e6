#include "runtime/evaluation/classification.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth::evaluation {
namespace {

constexpr int kFirst = 5;  // of top-5

std::size_t index(int value) { return static_cast<std::size_t>(value); }

double share(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? 100 * static_cast<double>(part) / static_cast<double>(whole) : 0;
}

}  // namespace

Classification::Classification(std::vector<std::string> classes)
    : classes_(std::move(classes)), confusion_(classes_.size(), std::vector<std::int64_t>(classes_.size(), 0)) {
  if (classes_.size() < 2)
    throw Error("evaluation: " + std::to_string(classes_.size()) + " classes, expected 2 or more");
}

void Classification::add(int label, const std::vector<float>& scores) {
  if (scores.size() != classes_.size()) {
    throw Error("evaluation: " + std::to_string(scores.size()) + " scores, expected one for each of " +
                std::to_string(classes_.size()) + " classes");
  }
  if (label < 0 || index(label) >= classes_.size()) {
    throw Error("evaluation: label " + std::to_string(label) + " is no class");
  }
  const float own = scores[index(label)];
  int before = 0;  // classes that come before the label
  std::size_t best = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i])) throw Error("evaluation: a score is not a number");
    if (scores[i] > scores[best]) best = i;
    if (scores[i] > own || (scores[i] == own && i < index(label))) ++before;
  }
  ++confusion_[index(label)][best];
  if (before < kFirst) ++right5_;
}

std::int64_t Classification::images() const {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < classes_.size(); ++i) sum += images(static_cast<int>(i));
  return sum;
}

std::int64_t Classification::images(int label) const {
  std::int64_t sum = 0;
  for (const std::int64_t count : confusion_[index(label)]) sum += count;
  return sum;
}

std::int64_t Classification::answers(int answer) const {
  std::int64_t sum = 0;
  for (const auto& row : confusion_) sum += row[index(answer)];
  return sum;
}

std::int64_t Classification::right() const {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < classes_.size(); ++i) sum += confusion_[i][i];
  return sum;
}

double Classification::top1() const { return share(right(), images()); }
double Classification::top5() const { return share(right5_, images()); }
double Classification::recall(int label) const { return share(confusion_[index(label)][index(label)], images(label)); }
double Classification::precision(int answer) const {
  return share(confusion_[index(answer)][index(answer)], answers(answer));
}

double Classification::balanced_accuracy() const {
  double sum = 0;
  int present = 0;
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    const int label = static_cast<int>(i);
    if (images(label) == 0) continue;
    sum += recall(label);
    ++present;
  }
  return present > 0 ? sum / present : 0;
}

int Classification::most_confused(int label) const {
  int found = -1;
  std::int64_t most = 0;
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    const std::int64_t count = confusion_[index(label)][i];
    if (i == index(label) || count <= most) continue;
    most = count;
    found = static_cast<int>(i);
  }
  return found;
}

nlohmann::ordered_json Classification::to_json() const {
  nlohmann::ordered_json by_class = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    const int label = static_cast<int>(i);
    by_class.push_back({{"class", classes_[i]},
                        {"images", images(label)},
                        {"recall", recall(label)},
                        {"precision", precision(label)}});
  }
  return {
      {"images", images()}, {"top1", top1()},       {"top5", top5()},      {"balanced_accuracy", balanced_accuracy()},
      {"right5", right5_},  {"by_class", by_class}, {"classes", classes_}, {"confusion", confusion_}};
}

Classification Classification::from_json(const nlohmann::json& value, const std::string& source) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  JsonReader reader(value, source);
  for (const char* derived : {"images", "top1", "top5", "balanced_accuracy", "by_class"}) (void)reader.value(derived);
  std::vector<std::string> names;
  for (const auto& name : reader.array("classes")) {
    if (!name.is_string()) reader.fail("classes", "expected names, found " + name.dump());
    names.push_back(name.get<std::string>());
  }
  Classification result(std::move(names));
  result.right5_ = reader.integer("right5", 0, kMost);
  const nlohmann::json& rows = reader.array("confusion");
  bool fits = rows.size() == result.classes_.size();
  for (std::size_t i = 0; fits && i < rows.size(); ++i) {
    fits = rows[i].is_array() && rows[i].size() == result.classes_.size();
    for (std::size_t j = 0; fits && j < rows[i].size(); ++j) {
      fits = rows[i][j].is_number_integer();
      if (fits) result.confusion_[i][j] = rows[i][j].get<std::int64_t>();
    }
  }
  if (!fits) reader.fail("confusion", "expected a row of counts for each class");
  reader.finish();
  return result;
}

}  // namespace gensynth::evaluation
