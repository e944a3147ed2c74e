"""A corpus goes through: many workers, order kept, nothing lost, complete or absent, resumable.

``plan`` says what is to do, in shards (one file of records, or all text files together). ``engine`` cuts shards into
batches, hands them to the processes of ``pool``, and takes the results in order. Each worker (``work``) leaves its
result as a part file (``parts``), which is what a resumed run finds again. ``outputs`` puts parts together and renames
whole files into place. ``manifest`` remembers.
"""
