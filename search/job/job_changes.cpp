#include "search/job/job_changes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "search/job/job_options.hpp"

namespace gensynth::job {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestValue = 60;
constexpr std::size_t kMostNamed = 8;
const std::string kBudget = "/budget/";

std::string value_at(const json& job, const json::json_pointer& place) {
  if (!job.contains(place)) return "(nothing)";
  const std::string text = job.at(place).dump(-1, ' ', true);
  return text.size() <= kLongestValue ? text : text.substr(0, kLongestValue) + "...";
}

}  // namespace

void JobChanges::refuse_all_but_budget(const std::string& context, const std::string& advice) const {
  if (others.empty()) return;
  const std::vector<std::string> named(others.begin(),
                                       others.begin() + static_cast<long>(std::min(others.size(), kMostNamed)));
  const std::string more =
      others.size() > kMostNamed ? fmt::format(" and {} more places", others.size() - kMostNamed) : "";
  throw Error(fmt::format("{}: {}{}; only the budget may change: {}", context, fmt::join(named, ", "), more, advice));
}

Budget JobChanges::applied_to(const Budget& budget, const Job& now) const {
  json result = budget_options().write(budget);
  const json wanted = budget_options().write(now.budget);
  for (const std::string& key : budget_keys) result[key] = wanted.at(key);
  return budget_options().read(result, now.source, "/budget");
}

JobChanges job_changes(const json& before, const json& after) {
  JobChanges result;
  std::map<std::string, std::size_t> appended;  // by array: elements that `before` does not have
  for (const json& step : json::diff(before, after)) {
    auto path = step.at("path").get<std::string>();
    if (path.ends_with("/-")) {  // the place behind the last element of an array
      path.pop_back();
      const json::json_pointer array(path.substr(0, path.size() - 1));
      path += std::to_string(before.at(array).size() + appended[path]++);
    }
    const json::json_pointer place(path);
    const bool of_budget = path.starts_with(kBudget);
    (of_budget ? result.budget : result.others)
        .push_back(fmt::format("{} {} -> {}", path, value_at(before, place),
                               step.at("op") == "remove" ? "(nothing)" : value_at(after, place)));
    if (of_budget) result.budget_keys.push_back(path.substr(kBudget.size()));
  }
  return result;
}

}  // namespace gensynth::job
