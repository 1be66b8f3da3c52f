import time
from tests.e2e.command import *
from tests.e2e import reader
from tests.e2e.conftest import *
def test_x(published, sample, tmp_path, spark):
    for n in range(3):
        t=time.time(); o=dabba("daily", *dates(START, END), *on_sample(sample, tmp_path/"t")); print(time.time()-t, o.code, o.stderr[-900:], o.stdout)
    t=time.time(); o=dabba("daily", "--date", START, *on_sample(sample, tmp_path/"t")); print(time.time()-t, o.code)
    t=time.time(); o=dabba("daily", *dates(START, END), *on_sample(sample, tmp_path/"p", {"tables.format":"parquet"})); print(time.time()-t, o.code, o.said())
    a=reader.digest(published); b=reader.digest(tmp_path/"t"); c=reader.digest(tmp_path/"p"); print(a); print(a==b, a==c, [k for k in a if a[k]!=c[k]])
