"""Sources that are followed: feeds of the web and watched folders, from a visit to articles.

Reading, planning and timing are pure; the network, the database and the threads are in
:mod:`knowledge.feeds.visit`, :mod:`knowledge.store.feeds` and :mod:`knowledge.feeds.follower`.
"""
