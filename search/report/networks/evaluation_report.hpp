#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runtime/charts/confusion_chart.hpp"
#include "search/companion/evaluation_messages.hpp"

namespace gensynth::report::networks {

/// Top-1 and top-5, a row for each class, and the confusion matrix of up to 15 classes.
std::string evaluation_text(const std::string& network, const companion::EvaluateResult& evaluation);
nlohmann::ordered_json evaluation_json(const std::string& network, const companion::EvaluateResult& evaluation);
charts::ConfusionChart evaluation_chart(const std::string& network, const companion::EvaluateResult& evaluation);

}  // namespace gensynth::report::networks
