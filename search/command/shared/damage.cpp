#include "search/command/shared/damage.hpp"

#include <cstdio>

namespace gensynth::command::shared {

void warn_of_damage(const std::vector<std::string>& messages) {
  for (const std::string& message : messages) {
    std::fprintf(stderr, "warning: damaged record, left out: %s\n", message.c_str());
  }
}

void warn_of_damage(const store::RunReader& store) {
  std::vector<std::string> messages;
  for (store::DamagedRecord& record : store.damaged()) messages.push_back(std::move(record.message));
  warn_of_damage(messages);
}

}  // namespace gensynth::command::shared
