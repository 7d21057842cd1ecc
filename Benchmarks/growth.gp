# Forward and backward: time against size
# Draw it again: gnuplot growth.gp
set encoding utf8
set terminal svg noenhanced rounded size 800,500 background '#ffffff' font 'Helvetica,14'
here = ''
if (exists('ARG0')) { do for [i = 1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { here = ARG0[1:i] } } }
set output here."growth.svg"
$data1 << e
1 1
2 2.18730589
4 4.74725652
8 9.64017495
16 18.9140778
32 38.627682
64 89.6207824
e
$data2 << e
1 1
2 1.88128962
4 3.52149501
8 6.26751836
16 10.4820045
32 29.9580967
64 45.2586891
e
$data3 << e
1 1
2 1.33729866
4 4.58123654
8 8.72182432
16 36.9310965
32 165.265012
64 676.835479
e
$data4 << e
1 1
64 64
e
$data5 << e
1 1
64 4096
e
set border 3 lc rgb '#888888' lw 1
set tics out nomirror scale 0.5 tc rgb '#444444'
set grid lt 1 lw 0.8 lc rgb '#e8e8e8'
set format '%g'
set minussign
set style fill solid 1 noborder
set key noenhanced noautotitle samplen 1.6 spacing 1.15 tc rgb '#222222'
set title "Forward and backward: time against size" font 'Helvetica,17' tc rgb '#222222'
set xlabel "size, in multiples of the smallest" tc rgb '#222222' offset 0,0.3
set ylabel "time, in multiples of that of the smallest" tc rgb '#222222'
set logscale x
set format x '%h'
set logscale y
set format y '%h'
set xrange [1.0:64.0]
set yrange [0.6597539553864471:6208.375056426591]
set key top left Left reverse
plot \
  $data1 using 1:2 with lines lc rgb '#0072b2' lw 2 dt solid title "depth, from 1 to 64 layers", \
  $data2 using 1:2 with lines lc rgb '#d55e00' lw 2 dt solid title "batch, from 64 to 4096 examples", \
  $data3 using 1:2 with lines lc rgb '#009e73' lw 2 dt solid title "width, from 64 to 4096 units", \
  $data4 using 1:2 with lines lc rgb '#808080' lw 2 dt (2,5) title "linear", \
  $data5 using 1:2 with lines lc rgb '#808080' lw 2 dt (10,6) title "quadratic"
unset output
