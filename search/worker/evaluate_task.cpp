#include <nlohmann/json.hpp>

#include "architecture/base/temporary_folder.hpp"
#include "runtime/data/cache_folder.hpp"
#include "runtime/data/dataset.hpp"
#include "runtime/torch/network.hpp"
#include "search/deployment/classifier.hpp"
#include "search/deployment/labelled.hpp"
#include "search/worker/tasks.hpp"

namespace gensynth::worker {

void run_evaluate_task(const nlohmann::json& json, companion::Reply& reply) {
  companion::EvaluateRequest request = companion::evaluate_request_from_json(json);
  libtorch::set_up_torch_process();
  const std::unique_ptr<deployment::Classifier> classifier = deployment::make_classifier(request);
  request.data.px = classifier->px();
  const TemporaryFolder scratch("evaluate");
  const data::Dataset data = data::Dataset::open(request.data, data::cache_folder(scratch.file("cache")));
  const deployment::Chosen chosen = deployment::choose_images(data, request.split, request.own_images);
  std::vector<std::string> notes = classifier->notes();
  evaluation::Classification result = deployment::classify(*classifier, data, chosen, request.network, notes);
  reply.result(
      to_json(companion::EvaluateResult{classifier->runtime(), data.id(), chosen.name, data.px(),
                                        data.duplicates_dropped(), notes, std::move(result), data.contents()}));
}

}  // namespace gensynth::worker
