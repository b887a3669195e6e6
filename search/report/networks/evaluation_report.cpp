#include "search/report/networks/evaluation_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "search/report/table.hpp"

namespace gensynth::report::networks {
namespace {

constexpr std::size_t kMostInMatrix = 15;

std::string percent(double value) { return fmt::format("{:.2f} %", value); }

std::string by_class(const evaluation::Classification& result) {
  Table table({"class", "images", "recall", "precision", "most often taken for"});
  for (std::size_t i = 0; i < result.classes().size(); ++i) {
    const int label = static_cast<int>(i);
    const int other = result.most_confused(label);
    const std::int64_t taken = other < 0 ? 0 : result.confusion()[i][static_cast<std::size_t>(other)];
    table.row({result.classes()[i], std::to_string(result.images(label)),
               result.images(label) > 0 ? percent(result.recall(label)) : "-",
               result.answers(label) > 0 ? percent(result.precision(label)) : "-",
               other < 0 ? "-" : fmt::format("{} ({})", result.classes()[static_cast<std::size_t>(other)], taken)});
  }
  return table.text();
}

std::string matrix(const evaluation::Classification& result) {
  if (result.classes().size() > kMostInMatrix) {
    return fmt::format("the confusion matrix of {} classes: --json or --svg FILE\n", result.classes().size());
  }
  // Answers are numbered, so that the table stays narrow whatever the classes are called.
  std::vector<std::string> heading{"class \\ answer"};
  for (std::size_t i = 0; i < result.classes().size(); ++i) heading.push_back(std::to_string(i + 1));
  Table table(heading);
  for (std::size_t i = 0; i < result.classes().size(); ++i) {
    std::vector<std::string> cells{fmt::format("{} {}", i + 1, result.classes()[i])};
    for (const std::int64_t count : result.confusion()[i]) cells.push_back(std::to_string(count));
    table.row(cells);
  }
  return table.text();
}

}  // namespace

std::string evaluation_text(const std::string& network, const companion::EvaluateResult& evaluation) {
  const evaluation::Classification& result = evaluation.result;
  std::string text = fmt::format("{} in {}\n{} images, split '{}' of {}\n", network, evaluation.runtime,
                                 result.images(), evaluation.split, evaluation.data);
  if (evaluation.duplicates > 0) text += fmt::format("{} equal images left out\n", evaluation.duplicates);
  for (const std::string& note : evaluation.notes) text += "note: " + note + "\n";
  text += fmt::format("top-1 {} ({} of {}), top-5 {}, balanced accuracy {}, measured\n\n", percent(result.top1()),
                      result.right(), result.images(), percent(result.top5()), percent(result.balanced_accuracy()));
  return text + by_class(result) + "\n" + matrix(result);
}

nlohmann::ordered_json evaluation_json(const std::string& network, const companion::EvaluateResult& evaluation) {
  nlohmann::ordered_json result = {{"network", network},       {"runtime", evaluation.runtime},
                                   {"data", evaluation.data},  {"split", evaluation.split},
                                   {"px", evaluation.px},      {"duplicates", evaluation.duplicates},
                                   {"notes", evaluation.notes}};
  nlohmann::ordered_json figures = evaluation.result.to_json();
  figures.erase("right5");
  for (const auto& [key, value] : figures.items()) result[key] = value;
  result["contents"] = data::to_json(evaluation.contents);
  return result;
}

charts::ConfusionChart evaluation_chart(const std::string& network, const companion::EvaluateResult& evaluation) {
  return {"Confusion matrix of " + network,
          fmt::format("{} images ({}), top-1 {}, {}", evaluation.result.images(), evaluation.split,
                      percent(evaluation.result.top1()), evaluation.runtime),
          evaluation.result.classes(), evaluation.result.confusion()};
}

}  // namespace gensynth::report::networks
