#include "search/run/network_ref.hpp"

#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "architecture/serialize.hpp"
#include "generator/make_space.hpp"
#include "runtime/timing/kernel_suite.hpp"
#include "runtime/weights/safetensors.hpp"
#include "search/run/run.hpp"
#include "search/run/winner.hpp"

namespace gensynth::run {
namespace fs = std::filesystem;
namespace {

std::optional<ModelCard> card_of_weights(const NetworkRef& net) {
  if (net.weights.empty()) return std::nullopt;
  const std::map<std::string, std::string> metadata = weights::read_metadata(net.weights);
  const auto text = metadata.find("card");
  if (text == metadata.end()) return std::nullopt;
  const std::string place = net.weights + ", metadata \"card\"";
  ModelCard card = model_card_from_json(parse_json(text->second, place), place);
  check_card(card, net.architecture, place + ": ");
  return card;
}

NetworkRef from_run(const std::string& folder, const std::optional<std::int64_t>& id) {
  const Run run = Run::open(folder, RunMode::read);
  std::optional<trial::Trial> trial;
  if (id) {
    trial = run.store().get(*id);
    for (const store::DamagedRecord& record : run.store().damaged()) {
      if (!trial && record.trial == *id) throw Error(record.message, ErrorKind::environment);
    }
    if (!trial) {
      throw Error(folder + "#" + std::to_string(*id) + ": no such trial; the run has trials 1 to " +
                  std::to_string(run.store().last_trial()));
    }
  } else {
    trial = winner_of(run, folder);
  }
  std::vector<std::string> damaged;
  if (!id) {
    for (const store::DamagedRecord& record : run.store().damaged()) damaged.push_back(record.message);
  }
  const std::string weights = fs::exists(run.folder().weights(trial->id)) ? run.folder().weights(trial->id) : "";
  NetworkRef net{network_of(run.job(), *trial, weights, "trial-" + std::to_string(trial->id)), weights, folder, trial,
                 trial->genotype};
  net.card = card_of_weights(net);
  net.damaged = std::move(damaged);
  return net;
}

}  // namespace

Architecture network_of(const job::Job& job, const trial::Trial& trial, const std::string& weights,
                        const std::string& name) {
  const Architecture network = generator::make_space(job.space)->build(trial.genotype).renamed(name);
  if (weights.empty()) return network;
  const Weights trained = weights::read_safetensors(weights);
  const auto head = trained.find(network[network.output()].id + ".weight");
  if (head == trained.end() || head->second.shape.empty()) return network;
  return proxy_network(network, network.shape(network.input()).height, static_cast<int>(head->second.shape.front()));
}

trial::Trial winner_of(const Run& run, const std::string& name) {
  std::optional<RunWinner> winner = select_winner(run.job(), run.store());
  if (!winner) throw Error(name + ": no feasible trial yet; `gensynth log " + name + " rejects` shows why");
  return std::move(winner->trial);
}

std::vector<std::string> files_of(const std::string& text) {
  const auto hash = text.rfind('#');
  const std::string folder = hash != std::string::npos && !fs::exists(text) ? text.substr(0, hash) : text;
  if (!fs::is_directory(folder)) return {text, fs::path(text).replace_extension(".safetensors").string()};
  const RunFolder run{folder};
  std::vector<std::string> files = {run.database(), run.database() + "-wal", run.database() + "-shm", run.job()};
  std::error_code ignored;  // of a folder that does not exist
  for (const auto& entry : fs::directory_iterator(run.checkpoints(), ignored)) files.push_back(entry.path().string());
  return files;
}

void check_not_read(const std::string& out, const std::vector<std::string>& read) {
  if (out.empty()) return;
  for (const std::string& each : read) {
    std::error_code ignored;  // of files that are not there
    if (!each.empty() && fs::equivalent(out, each, ignored)) {
      throw Error(out + ": would be overwritten, but it is read here; choose another name");
    }
  }
}

NetworkRef resolve_network(const std::string& text) {
  if (text.rfind("zoo:", 0) == 0) return {timing::named_network(text.substr(4)), "", "", {}, {}};
  if (const auto hash = text.rfind('#'); hash != std::string::npos && fs::is_directory(text.substr(0, hash))) {
    std::int64_t id = 0;
    const char* first = text.data() + hash + 1;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(first, last, id);
    if (error != std::errc() || end != last || id < 1) {
      throw Error(text + ": '" + std::string(first, last) +
                  "' is not a trial number; expected RUN#TRIAL such as run#12");
    }
    return from_run(text.substr(0, hash), id);
  }
  if (fs::is_directory(text)) return from_run(text, std::nullopt);
  if (!fs::exists(text)) {
    throw Error(text + ": no such file or run; expected an architecture file, zoo:NAME, RUN or RUN#TRIAL");
  }
  const nlohmann::json file = read_json_file(text);
  NetworkRef net{architecture_from_json(file, text), "", "", {}, {}};
  if (file.contains("genotype")) net.genotype = file.at("genotype").get<space::Genotype>();
  fs::path weights = text;
  weights.replace_extension(".safetensors");
  if (fs::exists(weights)) net.weights = weights.string();
  net.card = card_in(file, text);
  if (!net.card) net.card = card_of_weights(net);
  return net;
}

}  // namespace gensynth::run
