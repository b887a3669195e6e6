#include "search/companion/reply.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

namespace gensynth::companion {
namespace {

TEST(Reply, SendsLinesAndKeepsOtherOutputAway) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    (void)!::freopen("/dev/null", "w", stderr);
    {
      Reply reply;
      std::printf("a library's chatter\n");
      std::fflush(stdout);
      reply.progress({{"round", 1}});
      reply.result({{"text", "two\nlines, \xff"}});
      reply.error("no");
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text;
  char buffer[256];
  for (ssize_t count = 0; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(text,
            "{\"progress\":{\"round\":1}}\n"
            "{\"result\":{\"text\":\"two\\nlines, \xEF\xBF\xBD\"}}\n"
            "{\"error\":\"no\"}\n");
}

}  // namespace
}  // namespace gensynth::companion
